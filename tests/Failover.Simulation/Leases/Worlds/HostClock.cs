using Failover.Simulation.Worlds;

namespace Failover.Simulation.Leases.Worlds;

/// <summary>The two clocks of one machine, at a rate of its own: a monotonic one, that stands still while the machine sleeps; and the wall clock, that goes on then, and may be put forward or back.</summary>
internal sealed class HostClock(Agenda agenda, double rate)
{
    private static readonly DateTimeOffset Birth = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private TimeSpan _since;
    private TimeSpan _then;
    private TimeSpan _jumped;

    internal double Rate => rate;

    internal bool Sleeps { get; private set; }

    internal TimeSpan Elapsed => Sleeps ? _then : _then + ((agenda.Now - _since) * rate);

    internal Moment Now => new(Elapsed, Birth + (agenda.Now * rate) + _jumped);

    /// <summary>When the monotonic clock will show this, if the machine does not sleep before.</summary>
    internal TimeSpan TrueTimeOf(TimeSpan elapsed) => _since + ((elapsed - _then) / rate) + TimeSpan.FromTicks(1);

    internal void Jump(TimeSpan by) => _jumped += by;

    internal void Sleep()
    {
        _then = Elapsed;
        Sleeps = true;
    }

    internal void Wake()
    {
        if (Sleeps)
        {
            Sleeps = false;
            _since = agenda.Now;
        }
    }
}
