using System.Diagnostics;
using System.Globalization;
using Failover.Scenarios.Faults;
using Failover.Scenarios.Postgres.Clients;
using Failover.Scenarios.Reports;
using Failover.TestServers.Patroni;
using Failover.TestServers.Writes;

namespace Failover.Scenarios.Postgres.Faults;

/// <summary>A fault after which another node is the primary.</summary>
internal abstract class MovingFault : ClusterFault
{
    /// <summary>In the steady state ours costs what Npgsql costs: a fifth is for the noise.</summary>
    private const double MostOfNpgsql = 1.2;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    internal override async Task<IReadOnlyList<PostgresRow>> RunAsync(Stage stage, IReadOnlyList<ClusterClientKind> clients, int number, bool isShort)
    {
        await using ClusterRun run = await ClusterRun.StartAsync(stage, clients);
        await Task.Delay(TimeSpan.FromSeconds(isShort ? 1 : 4));
        long begun = Stopwatch.GetTimestamp();
        await BreakAsync(run.Cluster, run.Primary);
        OracleWrites next = await run.Oracle.WaitForTimelineAboveAsync(run.Timeline, Limit);
        await AfterAsync(run, isShort);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {Name} {number}: a new primary took a write {Stopwatch.GetElapsedTime(begun, next.First).TotalSeconds:0.00} s after the fault"));
        return await run.EndAsync(Name, number, begun);
    }

    internal override IEnumerable<Bar> Bars(IReadOnlyList<PostgresRow> rows)
    {
        PostgresRow[] plain = [.. rows.Where(static row => row.Client == ClusterClientKind.Npgsql)];
        foreach ((string client, IReadOnlyList<PostgresRow> ours) in Ours(rows))
        {
            foreach (Bar bar in FollowBars(client, ours, rows).Concat(Truthful(client, ours)))
            {
                yield return bar;
            }

            if (plain.Length > 0)
            {
                double ratio = Numbers.Median([.. ours.Select(row => row.Details.SteadyMs / plain.Single(peer => peer.Run == row.Run).Details.SteadyMs)]);
                yield return new(string.Create(CultureInfo.InvariantCulture, $"{client}: a write before the fault took ≤ {MostOfNpgsql} times what plain Npgsql took (p50; was {ratio:0.00})"), ratio <= MostOfNpgsql, NeedsFullRun: true);
            }
        }
    }

    protected abstract Task BreakAsync(PatroniCluster cluster, PatroniNode primary);

    /// <summary>Once there is a new primary: waits for those who are late.</summary>
    protected virtual Task AfterAsync(ClusterRun run, bool isShort) => run.WaitForAllToFollowAsync(TimeSpan.FromSeconds(isShort ? 3 : 12));

    protected virtual IEnumerable<Bar> FollowBars(string client, IReadOnlyList<PostgresRow> ours, IReadOnlyList<PostgresRow> all)
    {
        const double Slack = 10, Most = 250;
        double median = MedianFollow(ours);
        PostgresRow[] recheck0 = [.. all.Where(static row => row.Client == ClusterClientKind.Recheck0)];
        if (recheck0.Length > 0)
        {
            double peers = MedianFollow(recheck0);
            yield return new($"{client}: follows within {Numbers.Text(Slack)} ms of Npgsql that looks each time (median; was {Numbers.Text(median)} and {Numbers.Text(peers)} ms)", median <= peers + Slack, NeedsFullRun: true);
        }

        double most = ours.Max(static row => row.FollowMs ?? double.PositiveInfinity);
        yield return new($"{client}: always follows within {Most} ms (was {Numbers.Text(most)} ms)", most <= Most, NeedsFullRun: true);
    }

    protected static double MedianFollow(IReadOnlyCollection<PostgresRow> rows) => Numbers.Median([.. rows.Select(static row => row.FollowMs ?? double.PositiveInfinity)]);
}
