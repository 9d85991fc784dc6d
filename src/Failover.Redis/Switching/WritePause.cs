using System.Globalization;

namespace Failover.Redis.Switching;

/// <summary>
/// Has a master take no writes, of whatever client (<c>CLIENT PAUSE WRITE</c>), for a short time that is renewed: if the app dies meanwhile, that is all that is left of it. Half of the sentinels' patience at most: what they publish is a write, their questions wait behind it,
/// and a master that is paused for longer counts as dead.
/// </summary>
internal sealed class WritePause
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(3);

    private readonly SwitchServer _master;
    private readonly TimeProvider _time;
    private readonly TimeSpan _length;
    private long? _begun;

    /// <param name="master">The master.</param>
    /// <param name="downAfter">How long it may be silent for the sentinels.</param>
    /// <param name="time">The clock.</param>
    internal WritePause(SwitchServer master, TimeSpan downAfter, TimeProvider time)
    {
        (_master, _time) = (master, time);
        TimeSpan half = downAfter / 2;
        _length = half < Shortest ? Shortest : half > Longest ? Longest : half;
    }

    /// <summary>Gets whether it goes on for as long again as has passed: time enough for the next step.</summary>
    internal bool IsFresh => _begun is { } begun && _time.GetElapsedTime(begun) < _length / 2;

    /// <summary>Begins it, or renews it if it is time.</summary>
    /// <exception cref="SwitchRefusedException">The master does not do so.</exception>
    internal async Task KeepAsync(CancellationToken cancellationToken)
    {
        if (_begun is not { } before || _time.GetElapsedTime(before) >= _length / 3)
        {
            long asked = _time.GetTimestamp();
            await _master.AskAsync(cancellationToken, Command(_length)).ConfigureAwait(false);
            _begun = asked;
        }
    }

    /// <summary>Renews it as far as that can be.</summary>
    internal async Task TryKeepAsync(CancellationToken cancellationToken)
    {
        try
        {
            await KeepAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (SwitchRefusedException)
        {
            // The master is gone, or is none any more.
        }
    }

    /// <summary>Ends it, if it has begun.</summary>
    internal async Task EndAsync(CancellationToken cancellationToken)
    {
        if (_begun is not null)
        {
            await _master.TryAsync(cancellationToken, "CLIENT", "UNPAUSE").ConfigureAwait(false);
        }
    }

    /// <summary>Lets it go on for a while without us.</summary>
    internal Task LeaveAsync(TimeSpan length, CancellationToken cancellationToken) => _master.TryAsync(cancellationToken, Command(length));

    private static string[] Command(TimeSpan length) => ["CLIENT", "PAUSE", ((long)length.TotalMilliseconds).ToString(CultureInfo.InvariantCulture), "WRITE"];
}
