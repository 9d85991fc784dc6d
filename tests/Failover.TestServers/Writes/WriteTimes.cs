using System.Diagnostics;

namespace Failover.TestServers.Writes;

/// <summary>How long a client took over a fault. To be printed and compared with other clients of the same run; no test asserts it.</summary>
/// <param name="Detect">From the fault to the end of the first attempt that was not acknowledged; null if all were.</param>
/// <param name="Follow">From the oracle's first write on the new timeline to the client's; null if either had none.</param>
/// <param name="Failed">How many attempts were not acknowledged, from the fault on.</param>
/// <param name="Slowest">The longest attempt that ended after the fault.</param>
/// <param name="Gap">The longest time without an acknowledged write that ended after the fault; the last one ends when the last write was asked for.</param>
public sealed record WriteTimes(TimeSpan? Detect, TimeSpan? Follow, int Failed, TimeSpan Slowest, TimeSpan Gap)
{
    /// <summary>Measures the attempts of one client.</summary>
    /// <param name="attempts">Its attempts.</param>
    /// <param name="seen">What the oracle saw.</param>
    /// <param name="fault">When the fault began: a timestamp of <see cref="Stopwatch"/>.</param>
    public static WriteTimes Of(IReadOnlyList<RowAttempt> attempts, IReadOnlyList<OracleWrites> seen, long fault)
    {
        List<RowAttempt> after = [.. attempts.Where(attempt => attempt.Ended >= fault).OrderBy(static attempt => attempt.Ended)];
        List<RowAttempt> bad = [.. after.Where(static attempt => attempt.Outcome != RowOutcome.Acknowledged)];
        OracleWrites? next = seen.Where(writes => writes.First >= fault).OrderBy(static writes => writes.First).FirstOrDefault();

        // A client that is lucky is there before the oracle; one that does not tell its timeline is not believed to be.
        RowAttempt? good = next is null ? null : after.Find(attempt => attempt.Outcome == RowOutcome.Acknowledged && (attempt.Timeline ?? (attempt.Ended >= next.First ? next.Timeline : 0)) >= next.Timeline);
        return new(
            bad is [var first, ..] ? Stopwatch.GetElapsedTime(fault, first.Ended) : null,
            good is null ? null : Stopwatch.GetElapsedTime(next!.First, good.Ended),
            bad.Count,
            after.Count == 0 ? TimeSpan.Zero : after.Max(static attempt => Stopwatch.GetElapsedTime(attempt.Started, attempt.Ended)),
            GapOf(attempts, fault));
    }

    private static TimeSpan GapOf(IReadOnlyList<RowAttempt> attempts, long fault)
    {
        long[] acknowledged = [.. attempts.Where(static attempt => attempt.Outcome == RowOutcome.Acknowledged).Select(static attempt => attempt.Ended).Order()];
        long before = acknowledged.LastOrDefault(at => at < fault, fault);
        TimeSpan longest = TimeSpan.Zero;
        foreach (long at in acknowledged.Where(at => at >= fault).Append(attempts.Select(static attempt => attempt.Started).DefaultIfEmpty().Max()))
        {
            TimeSpan gap = at > before ? Stopwatch.GetElapsedTime(before, at) : TimeSpan.Zero;
            longest = gap > longest ? gap : longest;
            before = at;
        }

        return longest;
    }
}
