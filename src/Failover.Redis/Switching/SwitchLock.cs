using Failover.Redis.Resp;

namespace Failover.Redis.Switching;

/// <summary>
/// One switch at a time, of however many apps: a key on the master itself, which goes on with it to the next. It ends by itself if nobody is left to give it back. Who has no right to the key goes without.
/// </summary>
internal sealed class SwitchLock
{
    private const string Key = "failover:switch";

    /// <summary>Longer than a switch can take.</summary>
    private const string Milliseconds = "45000";

    private readonly string _mine = Guid.NewGuid().ToString("N");
    private bool _isTaken;

    /// <exception cref="SwitchRefusedException">Another has it, or the master takes no write.</exception>
    internal async Task TakeAsync(SwitchServer master, CancellationToken cancellationToken)
    {
        try
        {
            RespValue answer = await master.AskOnceAsync(cancellationToken, "SET", Key, _mine, "NX", "PX", Milliseconds).ConfigureAwait(false);
            _isTaken = answer.Kind == RespKind.Text ? true : throw new SwitchRefusedException("another switch of this master is under way");
        }
        catch (SwitchRefusedException refused) when (refused.Kind == "NOPERM")
        {
            // Then it is for people to see to it that one app switches at a time.
        }
    }

    /// <summary>Gives it back.</summary>
    internal async Task GiveBackAsync(SwitchServer master, CancellationToken cancellationToken)
    {
        if (_isTaken && (await master.InsistAsync(cancellationToken, "GET", Key).ConfigureAwait(false))?.Text == _mine)
        {
            await master.InsistAsync(cancellationToken, "DEL", Key).ConfigureAwait(false);
        }
    }
}
