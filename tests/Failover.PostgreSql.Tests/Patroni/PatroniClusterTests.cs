using System.Net.Sockets;
using Failover.TestServers;
using Failover.TestServers.Patroni;

namespace Failover.PostgreSql.Tests.Patroni;

/// <summary>The cluster that other tests rely on does what its methods say.</summary>
[Collection(OnPatroni.Name)]
public class PatroniClusterTests(SharedPatroni shared)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [ServerFact("patroni", "etcd", "postgres", "setpriv")]
    public async Task After_a_crash_another_node_is_primary_at_a_higher_timeline_and_the_old_one_comes_back_as_its_standby()
    {
        PatroniCluster cluster = await shared.HealthyAsync();
        PatroniNode old = await cluster.WaitForPrimaryAsync();
        int timeline = (await old.StateAsync())!.Timeline;

        await old.KillAsync();
        PatroniNode next = await cluster.WaitForPrimaryAsync(otherThan: old);

        Assert.Null(await old.StateAsync());
        Assert.Equal(timeline + 1, (await next.StateAsync())!.Timeline);
        await old.StartAgainAsync();
        Assert.Same(next, await cluster.WaitForStandbysAsync());
        Assert.Equal((false, timeline + 1), await old.StateAsync() is { } back ? (back.IsPrimary, back.Timeline) : default);
    }

    [ServerFact("patroni", "etcd", "postgres", "setpriv")]
    public async Task A_switchover_goes_to_the_node_that_was_asked_for()
    {
        PatroniCluster cluster = await shared.HealthyAsync();
        PatroniNode old = await cluster.WaitForPrimaryAsync();
        PatroniNode asked = cluster.Nodes.Last(node => node != old);

        Assert.Same(asked, await cluster.SwitchoverAsync(asked));

        Assert.Same(asked, await cluster.RestoreAsync());
    }

    [ServerFact("patroni", "etcd", "postgres", "setpriv")]
    public async Task A_frozen_primary_takes_connections_and_answers_nothing_and_another_takes_over()
    {
        PatroniCluster cluster = await shared.HealthyAsync();
        PatroniNode old = await cluster.WaitForPrimaryAsync();

        old.Freeze();

        using TcpClient client = new();
        await client.ConnectAsync(old.Host, old.PostgreSqlPort).WaitAsync(Limit);
        await client.GetStream().WriteAsync(new byte[] { 0, 0, 0, 8, 4, 210, 22, 47 });   // asks for TLS; one byte is the answer
        Task<int> answer = client.GetStream().ReadAsync(new byte[1]).AsTask();
        await cluster.WaitForPrimaryAsync(otherThan: old);
        Assert.False(answer.IsCompleted);

        old.Thaw();
        Assert.Equal(1, await answer.WaitAsync(Limit));
        Assert.NotSame(old, await cluster.WaitForStandbysAsync());
    }

    [ServerFact("patroni", "etcd", "postgres", "setpriv")]
    public async Task A_rebuilt_cluster_has_another_system_identifier()
    {
        PatroniCluster cluster = await shared.HealthyAsync();
        string before = cluster.ConnectionString;
        ulong lineage = (await (await cluster.WaitForPrimaryAsync()).StateAsync())!.SystemIdentifier;

        await cluster.RebuildAsync();

        Assert.Equal(before, cluster.ConnectionString);
        Assert.NotEqual(lineage, (await (await cluster.WaitForPrimaryAsync()).StateAsync())!.SystemIdentifier);
    }
}
