namespace Failover.DnsSwitching.Following;

/// <summary>When to look again. Decides only.</summary>
internal static class Pace
{
    /// <summary>Returns how long to wait.</summary>
    /// <param name="options">The bounds.</param>
    /// <param name="timeToLive">How long caches may keep the answer; null if that is not known.</param>
    /// <param name="verdict">What the answer meant.</param>
    /// <param name="chance">From 0 to 1.</param>
    /// <returns>Never shorter than the floor. Never longer than the TTL and the cap, but for the floor and its own spread.</returns>
    internal static TimeSpan Next(DnsFollowerOptions options, TimeSpan? timeToLive, NameVerdict verdict, double chance)
    {
        TimeSpan floor = options.MinInterval;
        TimeSpan wanted = verdict == NameVerdict.Unconfirmed ? floor : timeToLive ?? options.SystemInterval;
        TimeSpan bounded = TimeSpan.FromTicks(Math.Clamp(wanted.Ticks, floor.Ticks, options.MaxInterval.Ticks));

        // Earlier rather than later: an answer is not used beyond its TTL. Only at the floor there is no earlier.
        TimeSpan earliest = Max(floor, bounded * (1 - options.Jitter));
        TimeSpan latest = Max(bounded, floor * (1 + options.Jitter));
        return earliest + ((latest - earliest) * chance);
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
