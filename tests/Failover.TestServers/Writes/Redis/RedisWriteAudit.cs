using Failover.TestServers.Sentinel;

namespace Failover.TestServers.Writes.Redis;

/// <summary>Compares what a client of Redis said with what the elected master has, after a fault. Redis does not tell which node took a write: that is concluded from when it was acknowledged, and from what is there.</summary>
public static class RedisWriteAudit
{
    /// <summary>Reads the elected master and judges the rows.</summary>
    /// <param name="master">The master after the fault.</param>
    /// <param name="attempts">All attempts since the set was empty.</param>
    /// <param name="seen">What the oracle saw meanwhile.</param>
    /// <exception cref="InvalidOperationException">The master does not answer.</exception>
    public static async Task<AuditedWrites> ReadAsync(RedisNode master, IReadOnlyList<RowAttempt> attempts, IReadOnlyList<Reign> seen)
    {
        ArgumentNullException.ThrowIfNull(master);
        RedisNodeState state = await master.StateAsync() ?? throw new InvalidOperationException($"{master.Name} does not answer.");
        return Judge(await RedisKeys.ReadAsync(master), state.ReplicationId, attempts, seen);
    }

    internal static AuditedWrites Judge(IReadOnlyList<long> rows, string elected, IReadOnlyList<RowAttempt> attempts, IReadOnlyList<Reign> seen)
    {
        List<Reign> line = LineOf(elected, seen);
        HashSet<long> there = [.. rows];
        List<RowAttempt> told = [.. attempts.Select(attempt => attempt.Outcome == RowOutcome.Acknowledged ? attempt with { Timeline = NumberOf(attempt, there.Contains(attempt.Id), line, seen) } : attempt)];
        Dictionary<long, int> numbers = told.Where(static attempt => attempt.Timeline is not null).ToDictionary(static attempt => attempt.Id, static attempt => attempt.Timeline!.Value);
        OracleWrites[] numbered = [.. line.Select(static (reign, index) => new OracleWrites(reign.Node, index + 1, reign.First, reign.Last))];

        WriteReport report = WriteAudit.Judge([.. rows.Select(id => (id, numbers.GetValueOrDefault(id, 1)))], told, numbered);

        // The last rows of a reign are no loss of asynchronous replication if the node that was promoted had them.
        ILookup<bool, RowAttempt> wasReceived = report.AsyncLost.ToLookup(attempt => WasReceived(attempt, line));
        return new(report with { Lost = [.. report.Lost, .. wasReceived[true]], AsyncLost = [.. wasReceived[false]] }, told, numbered);
    }

    /// <summary>The reigns whose history the elected master continues, the oldest first. Others are dead ends: a promotion that was taken back, or a master that was started empty.</summary>
    private static List<Reign> LineOf(string elected, IReadOnlyList<Reign> seen)
    {
        List<Reign> line = [];
        for (Reign? each = seen.FirstOrDefault(reign => reign.Id == elected); each is not null; each = seen.FirstOrDefault(reign => reign.Id == line[0].Follows))
        {
            line.Insert(0, each);
        }

        return line;
    }

    /// <summary>The number of the reign that took a row; null if it is not known, or is none of the line.</summary>
    private static int? NumberOf(RowAttempt attempt, bool isThere, List<Reign> line, IReadOnlyList<Reign> seen)
    {
        // A row that is there was taken in the line. One that is missing was taken by a node that took writes meanwhile, and not by the elected master: that has what it took.
        Reign? taker = isThere
            ? line.LastOrDefault(reign => reign.First <= attempt.Ended) ?? line.FirstOrDefault()
            : seen.Except(line.TakeLast(1)).LastOrDefault(reign => reign.First <= attempt.Ended && reign.Until >= attempt.Started);
        return taker is not null && line.IndexOf(taker) is >= 0 and var index ? index + 1 : null;
    }

    private static bool WasReceived(RowAttempt attempt, List<Reign> line) =>
        attempt.Timeline is { } number && number < line.Count && line[number - 1].OffsetBy(attempt.Ended) < line[number].PromotedAt;
}
