using Failover.TestServers;
using Failover.TestServers.Patroni;
using Failover.TestServers.Servers;
using Failover.TestServers.Writes;
using Npgsql;

namespace Failover.PostgreSql.Tests.Following;

/// <summary>A data source follows the primary of a real cluster through one of each fault, and no row is lost that a client can save.</summary>
[Collection(OnFollowedPatroni.Name)]
public class FollowingTests(SharedPatroni shared)
{
    [ServerFact("patroni", "etcd", "postgres", "setpriv")]
    public async Task A_crash_of_the_primary()
    {
        PatroniCluster cluster = await shared.HealthyAsync();
        PatroniNode old = await cluster.WaitForPrimaryAsync();
        int timeline = (await old.StateAsync())!.Timeline;
        await using FaultRun run = await BeginAsync(cluster, old);

        await old.KillAsync();
        await run.FollowedAsync(timeline);
        await run.AcknowledgedAsync(20);

        PatroniNode next = await cluster.WaitForPrimaryAsync(otherThan: old);
        await run.JudgeAsync(next);
        Switchover told = run.Group.Snapshot.LastSwitchover!;
        Assert.Equal((SwitchoverCause.Failover, old.PostgreSqlPort, next.PostgreSqlPort), (told.Cause, told.From!.Address.Port, told.To.Address.Port));
        Assert.Equal(timeline + 1, told.Epoch!.Value.Number);
        Assert.NotNull(told.RecoveryTime);
    }

    [ServerFact("patroni", "etcd", "postgres", "setpriv")]
    public async Task A_planned_switchover()
    {
        PatroniCluster cluster = await shared.HealthyAsync();
        PatroniNode old = await cluster.WaitForPrimaryAsync();
        int timeline = (await old.StateAsync())!.Timeline;
        await using FaultRun run = await BeginAsync(cluster, old);

        PatroniNode next = await cluster.SwitchoverAsync();
        await run.FollowedAsync(timeline);
        await run.AcknowledgedAsync(20);

        WriteReport report = await run.JudgeAsync(next);
        Assert.Empty(report.AsyncLost);
        Assert.DoesNotContain(run.Writer.Attempts, attempt => attempt.Error?.Contains("25006", StringComparison.Ordinal) == true);
    }

    [ServerFact("patroni", "etcd", "postgres", "setpriv")]
    public async Task A_primary_that_freezes_and_wakes_up_when_another_has_taken_over()
    {
        PatroniCluster cluster = await shared.HealthyAsync();
        PatroniNode old = await cluster.WaitForPrimaryAsync();
        int timeline = (await old.StateAsync())!.Timeline;
        await using FaultRun run = await BeginAsync(cluster, old);

        old.Freeze();
        await run.UntilAsync(snapshot => snapshot.Condition == GroupCondition.Switching, "it is suspect");
        await run.FollowedAsync(timeline);
        await run.AcknowledgedAsync(20);
        old.Thaw();
        PatroniNode next = await cluster.WaitForStandbysAsync();
        await run.AcknowledgedAsync(50);

        Assert.NotSame(old, next);
        await run.JudgeAsync(next);
        Assert.Equal(next.PostgreSqlPort, run.Group.Snapshot.Active!.Address.Port);
    }

    [ServerFact("patroni", "etcd", "postgres", "setpriv")]
    public async Task Two_failovers_in_a_row()
    {
        PatroniCluster cluster = await shared.HealthyAsync();
        PatroniNode first = await cluster.WaitForPrimaryAsync();
        int timeline = (await first.StateAsync())!.Timeline;
        await using FaultRun run = await BeginAsync(cluster, first);

        await first.KillAsync();
        await run.FollowedAsync(timeline);
        await first.StartAgainAsync();
        PatroniNode second = await cluster.WaitForStandbysAsync();
        await second.KillAsync();
        await run.FollowedAsync(timeline + 1);
        await run.AcknowledgedAsync(20);

        await run.JudgeAsync(await cluster.WaitForPrimaryAsync(otherThan: second));
    }

    [ServerFact("patroni", "etcd", "postgres", "setpriv")]
    public async Task A_primary_whose_Patroni_is_killed_and_that_stays_writable_beside_the_new_one()
    {
        PatroniCluster cluster = await shared.HealthyAsync();
        PatroniNode old = await cluster.WaitForPrimaryAsync();
        int timeline = (await old.StateAsync())!.Timeline;
        await using FaultRun run = await BeginAsync(cluster, old);

        old.KillPatroniAlone();
        RowAttempt first = await run.FollowedAsync(timeline);
        await run.AcknowledgedAsync(50);

        // Nobody fences it: it takes writes still, and none of ours from when we know.
        Assert.True((await old.StateAsync())!.IsPrimary);
        Assert.DoesNotContain(await run.Writer.StopAsync(FaultRun.CallTimeout * 2), attempt => attempt.Timeline == timeline && attempt.Started > first.Ended);
        Assert.Equal((await cluster.WaitForPrimaryAsync(otherThan: old)).PostgreSqlPort, run.Group.Snapshot.Active!.Address.Port);
    }

    [ServerFact("patroni", "etcd", "postgres", "setpriv")]
    public async Task An_etcd_that_is_away_for_a_while()
    {
        PatroniCluster cluster = await shared.HealthyAsync();
        PatroniNode old = await cluster.WaitForPrimaryAsync();
        await using FaultRun run = await BeginAsync(cluster, old);

        await cluster.Etcd.KillAsync();
        await run.UntilAsync(snapshot => snapshot.Active is null, "Patroni has demoted the primary");
        await cluster.Etcd.StartAgainAsync();
        await run.UntilAsync(snapshot => snapshot.Condition == GroupCondition.Settled, "there is a primary");
        await run.AcknowledgedAsync(20);

        await run.JudgeAsync(await cluster.WaitForStandbysAsync());
    }

    [ServerFact("patroni", "etcd", "postgres", "setpriv")]
    public async Task A_rebuilt_cluster_is_refused_until_it_is_trusted()
    {
        PatroniCluster cluster = await shared.HealthyAsync();
        await using FailoverDataSource source = new FailoverDataSourceBuilder("db", cluster.ConnectionString) { Options = { MaxWait = TimeSpan.FromSeconds(2) } }.Build();
        string before = (await source.Group.WaitForActiveAsync(default).AsTask().WaitAsync(FaultRun.Limit), source.Group.Snapshot.Epoch!.Value.Lineage).Lineage;

        await cluster.RebuildAsync();
        PrimaryUnavailableException refused = await Assert.ThrowsAsync<PrimaryUnavailableException>(async () => await RefusedAsync(source));
        string lineage = (await (await cluster.WaitForPrimaryAsync()).StateAsync())!.SystemIdentifier.ToString(System.Globalization.CultureInfo.InvariantCulture);
        Assert.Contains(lineage, source.Group.Snapshot.Reason, StringComparison.Ordinal);
        Assert.Contains("another lineage", refused.Message, StringComparison.Ordinal);
        Assert.NotEqual(before, lineage);

        source.Group.TrustLineage(lineage);

        await using var connection = await source.OpenConnectionAsync().AsTask().WaitAsync(FaultRun.Limit);
        Assert.Equal((await cluster.WaitForPrimaryAsync()).PostgreSqlPort, connection.Port);
    }

    [ServerFact("patroni", "etcd", "postgres", "setpriv")]
    public async Task Reads_go_to_the_standbys_in_turn_and_to_the_primary_where_none_is_fit()
    {
        PatroniCluster cluster = await shared.HealthyAsync();
        PatroniNode primary = await cluster.WaitForPrimaryAsync();
        await using FaultRun run = await BeginAsync(cluster, primary);
        await run.UntilAsync(snapshot => snapshot.Readable.Length == cluster.Nodes.Count - 1, "all standbys are fit for reads");

        HashSet<int> ports = [];
        FailoverReadDataSource reads = run.Source.ForReads(TimeSpan.FromSeconds(30));
        for (int i = 0; i < 10; i++)
        {
            await using NpgsqlConnection connection = await reads.OpenConnectionAsync();
            await using NpgsqlCommand command = new("SELECT pg_is_in_recovery()", connection);
            Assert.True((bool)(await command.ExecuteScalarAsync())!);
            ports.Add(connection.Port);
        }

        Assert.Equal(cluster.Nodes.Where(node => node != primary).Select(node => node.PostgreSqlPort).Order(), ports.Order());
        foreach (PatroniNode standby in cluster.Nodes.Where(node => node != primary))
        {
            standby.Freeze();
        }

        // They are found out one after another, by the probe or by who asks; then the primary reads.
        await run.UntilAsync(snapshot => snapshot.Readable.IsEmpty, "no standby is fit for reads");
        await using NpgsqlConnection read = await reads.OpenConnectionAsync().AsTask().WaitAsync(FaultRun.Limit);
        Assert.Equal(primary.PostgreSqlPort, read.Port);
    }

    [ServerFact("patroni", "etcd", "postgres", "setpriv")]
    public async Task While_there_is_no_primary_each_standby_gets_one_connection_and_the_first_write_needs_no_handshake()
    {
        PatroniCluster cluster = await shared.HealthyAsync();
        PatroniNode primary = await cluster.WaitForPrimaryAsync();
        PatroniNode[] standbys = [.. cluster.Nodes.Where(node => node != primary)];
        await using FailoverDataSource source = new FailoverDataSourceBuilder("db", cluster.ConnectionString + ";Application Name=shop").Build();
        await (await source.OpenConnectionAsync().AsTask().WaitAsync(FaultRun.Limit)).DisposeAsync();
        Assert.All(await Task.WhenAll(standbys.Select(node => FaultRun.SessionsAsync(node, "shop"))), sessions => Assert.Equal(0, sessions));

        primary.Freeze();
        using CancellationTokenSource end = new(FaultRun.Limit);
        while (source.Group.Snapshot.Active?.Address.Port == primary.PostgreSqlPort)
        {
            end.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        PatroniNode next = await cluster.WaitForPrimaryAsync(otherThan: primary);
        await using NpgsqlConnection connection = await source.OpenConnectionAsync().AsTask().WaitAsync(FaultRun.Limit);

        Assert.Equal(next.PostgreSqlPort, connection.Port);
        Assert.All(await Task.WhenAll(standbys.Select(node => FaultRun.SessionsAsync(node, "shop"))), sessions => Assert.Equal(1, sessions));
    }

    [FullTheory]
    [InlineData("crash", 1), InlineData("crash", 2), InlineData("crash", 3), InlineData("crash", 4), InlineData("crash", 5)]
    [InlineData("freeze", 1), InlineData("freeze", 2), InlineData("freeze", 3), InlineData("freeze", 4), InlineData("freeze", 5)]
    [InlineData("switchover", 1), InlineData("switchover", 2), InlineData("switchover", 3), InlineData("switchover", 4), InlineData("switchover", 5)]
    public Task Again_and_again(string fault, int round)
    {
        Assert.InRange(round, 1, 5);
        return fault switch
        {
            "crash" => A_crash_of_the_primary(),
            "freeze" => A_primary_that_freezes_and_wakes_up_when_another_has_taken_over(),
            _ => A_planned_switchover(),
        };
    }

    private static async Task RefusedAsync(FailoverDataSource source)
    {
        // Until the new cluster has been seen there may be no primary for another reason.
        for (int i = 0; i < 20; i++)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync();
            }
            catch (PrimaryUnavailableException exception) when (!exception.Message.Contains("lineage", StringComparison.Ordinal))
            {
            }
        }
    }

    private static Task<FaultRun> BeginAsync(PatroniCluster cluster, PostgreSqlNode primary) => FaultRun.BeginAsync(cluster.ConnectionString, primary, cluster.Nodes);
}
