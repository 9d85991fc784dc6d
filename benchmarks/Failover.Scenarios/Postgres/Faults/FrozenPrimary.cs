using Failover.Scenarios.Faults;
using Failover.Scenarios.Postgres.Clients;
using Failover.Scenarios.Reports;
using Failover.TestServers.Patroni;

namespace Failover.Scenarios.Postgres.Faults;

/// <summary>The primary and its Patroni are stopped by a signal, and go on when another has been the primary for a while: they take connections meanwhile, and answer nothing; and then commit what they had.</summary>
internal sealed class FrozenPrimary : MovingFault
{
    private const double MostSuspicionMs = 1_500;
    private const double MostFollowMs = 50;
    private static readonly double MostCallMs = ClusterClient.Limit.TotalMilliseconds + 100;

    internal override string Name => "freeze";

    protected override Task BreakAsync(PatroniCluster cluster, PatroniNode primary)
    {
        primary.Freeze();
        return Task.CompletedTask;
    }

    protected override async Task AfterAsync(ClusterRun run, bool isShort)
    {
        await run.WaitForAllToFollowAsync(TimeSpan.FromSeconds(isShort ? 1 : 5));
        run.Primary.Thaw();
        await Task.Delay(TimeSpan.FromSeconds(isShort ? 1 : 5));
    }

    protected override IEnumerable<Bar> FollowBars(string client, IReadOnlyList<PostgresRow> ours, IReadOnlyList<PostgresRow> all)
    {
        double suspicion = ours.Max(static row => row.Details.SuspicionMs ?? double.PositiveInfinity);
        yield return new($"{client}: opens wait ≤ {MostSuspicionMs} ms after the freeze (most; was {Numbers.Text(suspicion)} ms)", suspicion <= MostSuspicionMs);
        double follow = MedianFollow(ours);
        yield return new($"{client}: follows within {MostFollowMs} ms (median; was {Numbers.Text(follow)} ms)", follow <= MostFollowMs, NeedsFullRun: true);
        if (client == ClusterClientKind.Failover)
        {
            double slowest = ours.Max(static row => row.SlowestMs);
            yield return new($"{client}: no call outlives its timeout by more than 100 ms (≤ {MostCallMs} ms; was {Numbers.Text(slowest)} ms)", slowest <= MostCallMs);
        }
    }
}
