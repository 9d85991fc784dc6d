using Failover.Redis.Resp;

namespace Failover.Redis.Switching;

/// <summary>
/// One switch at a time, of however many apps: a key on the master itself, which goes on with it to the next. It ends by itself if nobody is left to give it back. Who has no right to the key goes without.
/// </summary>
internal sealed class SwitchLock(TimeProvider time)
{
    private const string Key = "failover:switch";

    /// <summary>Longer than a switch can take.</summary>
    private const string Milliseconds = "45000";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

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

    /// <summary>Gives it back. A new master may need a moment until it takes writes.</summary>
    internal async Task GiveBackAsync(SwitchServer master, CancellationToken cancellationToken)
    {
        while (_isTaken && !cancellationToken.IsCancellationRequested)
        {
            try
            {
                RespValue held = await master.AskAsync(cancellationToken, "GET", Key).ConfigureAwait(false);
                if (held.Text == _mine)
                {
                    await master.AskAsync(cancellationToken, "DEL", Key).ConfigureAwait(false);
                }

                _isTaken = false;
            }
            catch (Exception exception) when (exception is SwitchRefusedException or OperationCanceledException)
            {
                await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
