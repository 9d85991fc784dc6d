using System.Net.Sockets;
using Failover.TestServers;
using Failover.TestServers.Patroni;
using Failover.TestServers.Servers;
using Npgsql;

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
    public async Task A_switchover_goes_to_the_node_that_was_asked_for_and_cuts_a_transaction_that_is_busy()
    {
        PatroniCluster cluster = await shared.HealthyAsync();
        PatroniNode old = await cluster.WaitForPrimaryAsync();
        PatroniNode asked = cluster.Nodes.Last(node => node != old);
        await using BusyTransaction busy = await BusyTransaction.BeginAsync(old);

        Assert.Same(asked, await cluster.SwitchoverAsync(asked));

        PostgresException cut = Assert.IsType<PostgresException>(await busy.Ended.WaitAsync(Limit));
        Assert.Equal(PostgresErrorCodes.AdminShutdown, cut.SqlState);
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
        try
        {
            Assert.Equal(1, await answer.WaitAsync(Limit));
        }
        catch (IOException)
        {
            // Its Patroni was faster: it has found that it leads no more, and ended the server.
        }
    }

    [ServerFact("patroni", "etcd", "postgres", "setpriv")]
    public async Task A_primary_whose_Patroni_alone_was_killed_writes_on_beside_the_new_one_until_Patroni_is_back()
    {
        PatroniCluster cluster = await shared.HealthyAsync();
        PatroniNode old = await cluster.WaitForPrimaryAsync();
        int timeline = (await old.StateAsync())!.Timeline;

        old.KillPatroniAlone();
        PatroniNode next = await cluster.WaitForPrimaryAsync(otherThan: old);

        Assert.Equal((true, timeline), await old.StateAsync() is { } still ? (still.IsPrimary, still.Timeline) : default);
        await old.StartAgainAsync();
        Assert.Same(next, await cluster.WaitForStandbysAsync());
    }

    [ServerFact("patroni", "etcd", "postgres", "setpriv")]
    public async Task Without_etcd_no_node_is_primary_and_with_it_again_one_is()
    {
        PatroniCluster cluster = await shared.HealthyAsync();
        PatroniNode old = await cluster.WaitForPrimaryAsync();

        await cluster.Etcd.KillAsync();
        await old.WaitAsync(static state => !state.IsPrimary, Limit);
        Assert.Null(await cluster.PrimaryAsync());

        await cluster.Etcd.StartAgainAsync();
        await cluster.WaitForPrimaryAsync();
    }

    [ServerFact("patroni", "etcd", "postgres", "setpriv")]
    public async Task A_node_is_added_and_removed()
    {
        PatroniCluster cluster = await shared.HealthyAsync();

        PatroniNode added = await cluster.AddNodeAsync();

        Assert.Contains($"{added.Host}:{added.PostgreSqlPort}", cluster.ConnectionString, StringComparison.Ordinal);
        Assert.False((await added.StateAsync())!.IsPrimary);
        await cluster.RemoveNodeAsync(added);
        Assert.DoesNotContain(added, cluster.Nodes);
        await cluster.WaitForStandbysAsync();
    }

    [ServerFact("patroni", "etcd", "postgres", "setpriv")]
    public async Task A_rebuilt_cluster_has_another_system_identifier_at_the_same_addresses()
    {
        PatroniCluster cluster = await shared.HealthyAsync();
        string before = cluster.ConnectionString;
        ulong lineage = (await (await cluster.WaitForPrimaryAsync()).StateAsync())!.SystemIdentifier;

        await cluster.RebuildAsync();

        Assert.Equal(before, cluster.ConnectionString);
        Assert.NotEqual(lineage, (await (await cluster.WaitForPrimaryAsync()).StateAsync())!.SystemIdentifier);
    }

    [ServerFact("patroni", "etcd", "postgres", "setpriv")]
    public async Task A_cluster_on_the_old_API_of_etcd_speaks_TLS_alone_and_commits_on_a_standby_too_where_asked_to()
    {
        await using PatroniCluster cluster = await PatroniCluster.StartAsync(new() { Nodes = 2, EtcdV2 = true, Tls = true, SynchronousMode = true });

        Assert.Equal(1, (await (await cluster.WaitForPrimaryAsync()).StateAsync())!.SynchronousStandbys);
        await using NpgsqlConnection verified = new($"{cluster.Nodes[0].ConnectionString};SSL Mode=VerifyFull;Root Certificate={cluster.RootCertificateFile};Pooling=false");
        await verified.OpenAsync();
        await using NpgsqlConnection plain = new($"{cluster.Nodes[0].ConnectionString};SSL Mode=Disable;Pooling=false");
        Assert.Equal(PostgresErrorCodes.InvalidAuthorizationSpecification, (await Assert.ThrowsAsync<PostgresException>(() => plain.OpenAsync())).SqlState);
    }
}
