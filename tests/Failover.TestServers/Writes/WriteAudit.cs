using Failover.TestServers.Servers;

namespace Failover.TestServers.Writes;

/// <summary>Compares what a client said with what the database has, after a fault.</summary>
public static class WriteAudit
{
    /// <summary>Reads the surviving primary and judges the rows.</summary>
    /// <param name="primary">The node that is the primary after the fault.</param>
    /// <param name="attempts">All attempts since the table was made, of all writers that shared it.</param>
    /// <param name="seen">What the oracle saw meanwhile.</param>
    public static async Task<WriteReport> ReadAsync(PostgreSqlNode primary, IReadOnlyList<RowAttempt> attempts, IReadOnlyList<OracleWrites> seen)
    {
        ArgumentNullException.ThrowIfNull(primary);
        return Judge(await WritesTable.ReadAsync(primary), attempts, seen);
    }

    internal static WriteReport Judge(IReadOnlyList<(long Id, int Timeline)> rows, IReadOnlyList<RowAttempt> attempts, IReadOnlyList<OracleWrites> seen)
    {
        Dictionary<long, int> there = rows.DistinctBy(static row => row.Id).ToDictionary(static row => row.Id, static row => row.Timeline);
        List<RowAttempt> acknowledged = [.. attempts.Where(static attempt => attempt.Outcome == RowOutcome.Acknowledged)];
        List<(int Timeline, long First)> timelines = FirstsOf(acknowledged, there, seen);

        // When a row that is there was begun last, by timeline: what was acknowledged before that was committed before it.
        Dictionary<int, long> lastBegun = acknowledged.Where(attempt => there.ContainsKey(attempt.Id)).GroupBy(attempt => there[attempt.Id]).ToDictionary(static group => group.Key, static group => group.Max(static attempt => attempt.Started));

        List<RowAttempt> lost = [], asyncLost = [], stale = [];
        foreach (RowAttempt attempt in acknowledged)
        {
            int? told = attempt.Timeline ?? (there.TryGetValue(attempt.Id, out int its) ? its : null);
            int timeline = told ?? timelines.Where(each => each.First <= attempt.Ended).Select(static each => each.Timeline).DefaultIfEmpty(timelines.Select(static each => each.Timeline).DefaultIfEmpty().Min()).Max();
            List<(int Timeline, long First)> later = [.. timelines.Where(each => each.Timeline > timeline)];
            if (later.Exists(each => each.First < attempt.Ended))
            {
                stale.Add(attempt);
            }
            else if (!there.ContainsKey(attempt.Id))
            {
                bool isTail = later.Count > 0 && !(lastBegun.TryGetValue(timeline, out long begun) && begun > attempt.Ended);
                (isTail ? asyncLost : lost).Add(attempt);
            }
        }

        return new(
            acknowledged.Count,
            attempts.Count(static attempt => attempt.Outcome == RowOutcome.Failed),
            attempts.Count(static attempt => attempt.Outcome == RowOutcome.Unknown),
            lost,
            asyncLost,
            stale,
            [.. rows.GroupBy(static row => row.Id).Where(static group => group.Count() > 1).Select(static group => group.Key)],
            [.. attempts.Where(attempt => attempt.Outcome == RowOutcome.Failed && there.ContainsKey(attempt.Id))]);
    }

    /// <summary>When each timeline was first known to take a write, by the oracle or by a client that tells.</summary>
    private static List<(int Timeline, long First)> FirstsOf(List<RowAttempt> acknowledged, Dictionary<long, int> there, IReadOnlyList<OracleWrites> seen) =>
    [
        .. seen.Select(static writes => (writes.Timeline, writes.First))
            .Concat(acknowledged.Where(attempt => attempt.Timeline is not null || there.ContainsKey(attempt.Id)).Select(attempt => (Timeline: attempt.Timeline ?? there[attempt.Id], First: attempt.Ended)))
            .GroupBy(static each => each.Timeline)
            .Select(static group => (group.Key, group.Min(static each => each.First))),
    ];
}
