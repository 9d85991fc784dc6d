using System.Diagnostics;
using Failover.Scenarios.Faults;
using Failover.Scenarios.Postgres.Clients;
using Failover.Scenarios.Reports;
using Failover.TestServers.Writes;

namespace Failover.Scenarios.Postgres.Faults;

/// <summary>A crash, after which 200 callers of ours wait at once for a connection to the new primary, each to write a row. Follow is until the last of them was served.</summary>
internal sealed class Waiters : ClusterFault
{
    private const int Callers = 200;
    private const double MostMs = 1_000;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    internal override string Name => "waiters";

    internal override async Task<IReadOnlyList<PostgresRow>> RunAsync(Stage stage, IReadOnlyList<ClusterClientKind> clients, int number, bool isShort)
    {
        if (!clients.Any(static client => client.Name == ClusterClientKind.Failover))
        {
            return [];
        }

        await using ClusterRun run = await ClusterRun.StartAsync(stage, []);
        await using FailoverRawClient client = new(stage.Cluster.ConnectionString);
        await client.WarmAsync();
        await using ProbeSessions probes = new(stage.Cluster.Nodes.Where(node => node != run.Primary));

        long begun = Stopwatch.GetTimestamp();
        await run.Primary.KillAsync();
        await WaitAsync(() => client.Group.Snapshot.Condition != GroupCondition.Settled);
        Task<RowAttempt>[] calls = [.. Enumerable.Range(1, Callers).Select(id => Task.Run(() => CallAsync(client, id)))];
        OracleWrites next = await run.Oracle.WaitForTimelineAboveAsync(run.Timeline, Limit);
        RowAttempt[] attempts = await Task.WhenAll(calls);

        WriteReport report = await WriteAudit.ReadAsync(await stage.Cluster.WaitForPrimaryAsync(otherThan: run.Primary), attempts, run.Oracle.Seen);
        RowAttempt[] served = [.. attempts.Where(attempt => attempt.Outcome == RowOutcome.Acknowledged && attempt.Started < next.First)];
        return
        [
            new()
            {
                Fault = Name,
                Client = ClusterClientKind.Failover,
                Run = number,
                DetectMs = null,
                FollowMs = served.Length == 0 ? null : Math.Round(Stopwatch.GetElapsedTime(next.First, served.Max(static attempt => attempt.Ended)).TotalMilliseconds, 1),
                Failed = attempts.Length - report.Acknowledged,
                SlowestMs = Math.Round(attempts.Max(static attempt => Stopwatch.GetElapsedTime(attempt.Started, attempt.Ended)).TotalMilliseconds, 1),
                Lost = report.Lost.Count,
                AsyncLost = report.AsyncLost.Count,
                Doubled = report.Doubled.Count,
                Stale = report.Stale.Count,
                Details = new()
                {
                    SteadyMs = double.NaN,
                    FailedButWritten = report.FailedButWritten.Count,
                    Served = served.Length,
                    ProbeSessions = probes.Most,
                    Errors = attempts.Where(static attempt => attempt.Error is not null).CountBy(static attempt => attempt.Error!).ToDictionary(),
                },
            },
        ];
    }

    internal override IEnumerable<Bar> Bars(IReadOnlyList<PostgresRow> rows)
    {
        foreach ((string client, IReadOnlyList<PostgresRow> ours) in Ours(rows))
        {
            double last = ours.Max(static row => row.FollowMs ?? double.PositiveInfinity);
            int served = ours.Min(static row => row.Details.Served ?? 0);
            int? probes = ours.Max(static row => row.Details.ProbeSessions);
            yield return new($"{client}: {Callers} that waited were all served (fewest; was {served})", served == Callers);
            yield return new($"{client}: the last ≤ {MostMs} ms after the new primary's first write (most; was {Numbers.Text(last)} ms)", last <= MostMs);
            yield return new($"{client}: ≤ 1 probe session a node (most; was {probes})", probes <= 1);
            foreach (Bar bar in Truthful(client, ours))
            {
                yield return bar;
            }
        }
    }

    private static async Task<RowAttempt> CallAsync(FailoverRawClient client, long id)
    {
        using CancellationTokenSource limit = new(Limit);
        long started = Stopwatch.GetTimestamp();
        try
        {
            int? timeline = await client.WaitAndWriteAsync(id, limit.Token);
            return new(id, started, Stopwatch.GetTimestamp(), RowOutcome.Acknowledged, timeline, null);
        }
        catch (Exception exception)
        {
            return new(id, started, Stopwatch.GetTimestamp(), client.OutcomeOf(exception), null, exception.GetType().Name);
        }
    }

    private static async Task WaitAsync(Func<bool> isSo)
    {
        using CancellationTokenSource limit = new(Limit);
        while (!isSo())
        {
            await Task.Delay(1, limit.Token);
        }
    }
}
