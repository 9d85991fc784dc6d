using System.Diagnostics;

namespace Failover.Scenarios.Faults;

/// <summary>From one timestamp of <see cref="Stopwatch"/> to another.</summary>
internal readonly record struct Span(long From, long To)
{
    internal bool Holds(long moment) => moment >= From && moment < To;

    /// <summary>The last part of it.</summary>
    internal Span Last(TimeSpan length) => new(Math.Max(From, To - (long)(length.TotalSeconds * Stopwatch.Frequency)), To);
}
