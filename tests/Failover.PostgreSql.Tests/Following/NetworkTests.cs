using Failover.TestServers;
using Failover.TestServers.Network;
using Failover.TestServers.Patroni;
using Failover.TestServers.Servers;
using Npgsql;

namespace Failover.PostgreSql.Tests.Following;

/// <summary>A healthy cluster behind a network that fails, and clients that ask for more than there is.</summary>
[Collection(OnFollowedPatroni.Name)]
public class NetworkTests(SharedPatroni shared)
{
    [ServerFact("patroni", "etcd", "postgres", "setpriv")]
    public async Task Connections_that_are_cut_on_the_way_to_a_primary_that_stays_cost_no_switchover()
    {
        PatroniCluster cluster = await shared.HealthyAsync();
        PatroniNode primary = await cluster.WaitForPrimaryAsync();
        await using Wires wires = new(cluster);
        await using FaultRun run = await FaultRun.BeginAsync(wires.ConnectionString, primary, cluster.Nodes);
        Guid before = run.Group.Snapshot.LastSwitchover!.Id;

        await wires.To(primary).BecomeAsync(RelayMode.Cut);
        await wires.To(primary).BecomeAsync(RelayMode.Pass);
        await run.AcknowledgedAsync(50);

        await run.JudgeAsync(primary);
        Assert.Equal(before, run.Group.Snapshot.LastSwitchover!.Id);
    }

    [ServerFact("patroni", "etcd", "postgres", "setpriv")]
    public async Task A_network_that_swallows_what_goes_to_the_primary_makes_callers_wait_until_it_lets_it_through()
    {
        PatroniCluster cluster = await shared.HealthyAsync();
        PatroniNode primary = await cluster.WaitForPrimaryAsync();
        await using Wires wires = new(cluster);
        await using FaultRun run = await FaultRun.BeginAsync(wires.ConnectionString, primary, cluster.Nodes);

        await wires.To(primary).BecomeAsync(RelayMode.Blackhole);
        await run.UntilAsync(snapshot => snapshot.Active is null, "the primary is given up");
        await wires.To(primary).BecomeAsync(RelayMode.Pass);
        await run.UntilAsync(snapshot => snapshot.Condition == GroupCondition.Settled, "it is there again");
        await run.AcknowledgedAsync(50);

        await run.JudgeAsync(primary);
    }

    [ServerFact("patroni", "etcd", "postgres", "setpriv")]
    public async Task A_switchover_while_a_long_transaction_is_busy_and_the_pool_is_used_up()
    {
        PatroniCluster cluster = await shared.HealthyAsync();
        PatroniNode old = await cluster.WaitForPrimaryAsync();
        int timeline = (await old.StateAsync())!.Timeline;
        await using BusyTransaction busy = await BusyTransaction.BeginAsync(old);
        await using FaultRun run = await FaultRun.BeginAsync(cluster.ConnectionString + ";Maximum Pool Size=6", old, cluster.Nodes);
        List<NpgsqlConnection> held = [];
        Task[] waiting;
        try
        {
            // The writer has what is left over; more callers than that wait in the pool of the node that goes.
            for (int i = 0; i < 5; i++)
            {
                held.Add(await run.Source.OpenConnectionAsync());
            }

            waiting = [.. Enumerable.Range(0, 20).Select(_ => TakeAsync(run.Source))];
            await cluster.SwitchoverAsync();
            await run.FollowedAsync(timeline);
        }
        finally
        {
            foreach (NpgsqlConnection connection in held)
            {
                await connection.DisposeAsync();
            }
        }

        // Those that waited got one of the new primary's, or were told that the pool was used up; none waits for ever.
        await Task.WhenAll(waiting).WaitAsync(FaultRun.Limit);
        await run.AcknowledgedAsync(20);
        await run.JudgeAsync(await cluster.WaitForPrimaryAsync(otherThan: old));
        Assert.IsType<PostgresException>(await busy.Ended.WaitAsync(FaultRun.Limit));
    }

    private static async Task TakeAsync(FailoverDataSource source)
    {
        try
        {
            await using NpgsqlConnection connection = await source.OpenConnectionAsync();
        }
        catch (NpgsqlException exception)
        {
            Assert.Contains("pool has been exhausted", exception.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>A relay before each node.</summary>
    private sealed class Wires(PatroniCluster cluster) : IAsyncDisposable
    {
        private readonly Dictionary<PatroniNode, Relay> _relays = cluster.Nodes.ToDictionary(static node => node, static node => Relay.Start(node.PostgreSqlPort));

        internal string ConnectionString => _relays.Aggregate(cluster.ConnectionString, static (text, one) => text.Replace($":{one.Key.PostgreSqlPort}", $":{one.Value.Port}", StringComparison.Ordinal));

        internal Relay To(PatroniNode node) => _relays[node];

        public async ValueTask DisposeAsync()
        {
            foreach (Relay relay in _relays.Values)
            {
                await relay.DisposeAsync();
            }
        }
    }
}
