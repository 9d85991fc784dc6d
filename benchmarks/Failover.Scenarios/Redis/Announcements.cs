using Failover.TestServers.Sentinel;

namespace Failover.Scenarios.Redis;

/// <summary>When the sentinels said what of a failover: timestamps of <see cref="System.Diagnostics.Stopwatch"/>.</summary>
/// <param name="Tried">When the first said that it begins one; null if none did.</param>
/// <param name="Switched">When most of them had named another master; null if they did not.</param>
internal sealed record Announcements(long? Tried, long? Switched)
{
    /// <summary>Reads what was published.</summary>
    /// <param name="seen">What was.</param>
    /// <param name="sentinels">How many there are.</param>
    /// <param name="since">What came before is of another time.</param>
    internal static Announcements Of(IEnumerable<SentinelEvent> seen, int sentinels, long since)
    {
        SentinelEvent[] all = [.. seen.Where(one => one.At >= since)];
        long[] switched = [.. all.Where(static one => one.Channel == "+switch-master").GroupBy(static one => one.Sentinel).Select(static own => own.Min(static one => one.At)).Order()];
        return new(all.FirstOrDefault(static one => one.Channel == "+try-failover")?.At, switched.Length > sentinels / 2 ? switched[sentinels / 2] : null);
    }
}
