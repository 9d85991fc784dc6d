using System.Security.Cryptography.X509Certificates;
using Failover.TestServers;
using Failover.TestServers.Network;
using Failover.TestServers.Resp;
using Failover.TestServers.Sentinel;

namespace Failover.Redis.Tests.Sentinel;

/// <summary>The set that other tests rely on does what its methods say.</summary>
[Collection(OnSentinels.Name)]
public class SentinelSetTests(SharedSentinels shared)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [ServerFact("redis-server")]
    public async Task After_a_crash_another_node_is_master_at_a_higher_epoch_and_the_old_one_begins_as_a_master_again()
    {
        SentinelSet set = await shared.HealthyAsync();
        RedisNode old = await set.WaitForMasterAsync();
        int epoch = await EpochAsync(set);

        await old.KillAsync();
        RedisNode next = await set.WaitForMasterAsync(otherThan: old);

        Assert.Null(await old.StateAsync());
        Assert.True(await EpochAsync(set) > epoch);
        await old.StartAgainAsync();
        Assert.True((await old.StateAsync())!.IsMaster);
        Assert.Same(next, await set.RestoreAsync());
        Assert.False((await old.StateAsync())!.IsMaster);
    }

    [ServerFact("redis-server")]
    public async Task A_planned_failover_moves_the_master_and_the_next_one_follows_at_once()
    {
        SentinelSet set = await shared.HealthyAsync();
        RedisNode first = await set.WaitForMasterAsync();
        int epoch = await EpochAsync(set);

        RedisNode second = await set.SwitchAsync();
        RedisNode third = await set.SwitchAsync();

        Assert.NotSame(first, second);
        Assert.NotSame(second, third);
        Assert.True(await EpochAsync(set) > epoch + 1);
        Assert.Same(third, await set.RestoreAsync());
    }

    [ServerFact("redis-server")]
    public async Task A_frozen_master_answers_nothing_and_takes_writes_beside_the_new_one_when_it_wakes_up()
    {
        SentinelSet set = await shared.HealthyAsync();
        RedisNode old = await set.WaitForMasterAsync();
        await using RespConnection connection = await old.ConnectAsync(CancellationToken.None);

        old.Freeze();
        await connection.SendAsync(CancellationToken.None, ["SET", "frozen", "1"]);
        Task<object?> answer = connection.ReadAsync(CancellationToken.None);
        RedisNode next = await set.WaitForMasterAsync(otherThan: old);
        Assert.False(answer.IsCompleted);

        old.Thaw();
        Assert.Equal("OK", await answer.WaitAsync(Limit));
        Assert.True((await old.StateAsync())!.IsMaster);
        Assert.Same(next, await set.RestoreAsync());
        Assert.Null(await old.AskAsync("GET", "frozen"));
    }

    [ServerFact("redis-server")]
    public async Task A_node_promoted_by_a_leader_that_dies_is_master_for_none_of_the_sentinels_and_is_demoted_again()
    {
        SentinelSet set = await shared.HealthyAsync();
        RedisNode old = await set.WaitForMasterAsync();
        int epoch = await EpochAsync(set);

        (RedisNode promoted, SentinelNode leader) = await set.KillLeaderAfterPromotionAsync();

        // A window that was missed moved the master meanwhile.
        RedisNode named = await set.WaitForMasterAsync();
        Assert.NotSame(promoted, named);
        Assert.False(leader.IsRunning);
        Assert.Equal("OK", await promoted.AskAsync("SET", "promoted", "1"));
        await LookEachAsync(set, milliseconds: 1000);
        await promoted.WaitAsync(static state => !state.IsMaster, Limit);
        Assert.True(named == old ? epoch == await EpochAsync(set) : epoch < await EpochAsync(set));
        Assert.Same(named, await set.RestoreAsync());
        await LookEachAsync(set, milliseconds: 10_000);
        Assert.Null(await promoted.AskAsync("GET", "promoted"));
    }

    [ServerFact("redis-server")]
    public async Task A_failover_that_comes_to_nothing_leaves_master_and_epoch_as_they_were()
    {
        SentinelSet set = await shared.HealthyAsync();
        RedisNode master = await set.WaitForMasterAsync();
        int epoch = await EpochAsync(set);
        await using SentinelEvents events = await SentinelEvents.ListenAsync(set.Sentinels);

        await set.AbortFailoverAsync();

        Assert.Contains(events.Seen, static one => one.Channel == "+try-failover");
        Assert.DoesNotContain(events.Seen, static one => one.Channel == "+switch-master");
        Assert.Same(master, await set.RestoreAsync());
        Assert.Equal(epoch, await EpochAsync(set));
    }

    [ServerFact("redis-server")]
    public async Task With_two_sentinels_down_there_is_no_majority_and_the_master_goes_on()
    {
        SentinelSet set = await shared.HealthyAsync();
        RedisNode master = await set.WaitForMasterAsync();

        await Task.WhenAll(set.Sentinels.Take(2).Select(static sentinel => sentinel.KillAsync()));

        Assert.Null(await set.MasterAsync());
        Assert.Equal(master.Port, (await set.Sentinels[2].ViewAsync())!.MasterPort);
        Assert.Equal("OK", await master.AskAsync("SET", "alone", "1"));
        Assert.Same(master, await set.RestoreAsync());
    }

    [ServerFact("redis-server")]
    public async Task Clients_are_cut_off_from_the_master_alone_and_no_sentinel_takes_note()
    {
        SentinelSet set = await shared.HealthyAsync();
        RedisNode master = await set.WaitForMasterAsync();
        RedisNode replica = set.Nodes.First(node => node != master);
        await using RespConnection before = await RespConnection.ConnectAsync(master.Relay.Port, null, null, CancellationToken.None);
        Assert.Equal("PONG", await before.AskAsync(CancellationToken.None, "PING"));

        await master.Relay.BecomeAsync(RelayMode.Cut);

        await Assert.ThrowsAnyAsync<IOException>(() => before.AskAsync(CancellationToken.None, "PING"));
        await using RespConnection other = await RespConnection.ConnectAsync(replica.Relay.Port, null, null, CancellationToken.None);
        Assert.Equal("PONG", await other.AskAsync(CancellationToken.None, "PING"));
        Assert.Same(master, await set.WaitForHealthAsync());
        Assert.Same(master, await set.RestoreAsync());
        Assert.Equal(RelayMode.Pass, master.Relay.Mode);
    }

    [ServerFact("redis-server")]
    public async Task A_master_that_sleeps_for_less_than_it_may_be_silent_stays_the_master()
    {
        SentinelSet set = await shared.HealthyAsync();
        RedisNode master = await set.WaitForMasterAsync();
        await using RespConnection connection = await master.ConnectAsync(CancellationToken.None);

        Task awake = await master.SleepAsync(set.Options.DownAfter / 3);
        Task<object?> answer = connection.AskAsync(CancellationToken.None, "PING");

        await awake.WaitAsync(Limit);
        Assert.Equal("PONG", await answer.WaitAsync(Limit));
        Assert.Same(master, await set.WaitForHealthAsync());
    }

    [ServerFact("redis-server")]
    public async Task A_master_that_is_started_again_before_it_is_missed_stays_the_master_and_is_empty_and_then_so_are_its_replicas()
    {
        SentinelSet set = await shared.HealthyAsync();
        RedisNode master = await set.WaitForMasterAsync();
        await master.AskAsync("SET", "before", "1");

        await master.KillAsync();
        await master.StartAgainAsync();

        Assert.Same(master, await set.WaitForHealthAsync());
        foreach (RedisNode node in set.Nodes)
        {
            Assert.Null(await node.AskAsync("GET", "before"));
        }
    }

    [ServerFact("redis-server")]
    public async Task A_rebuilt_set_has_the_same_addresses_and_begins_anew()
    {
        SentinelSet set = await shared.HealthyAsync();
        string before = set.ConnectionString;
        await set.SwitchAsync();

        await set.RebuildAsync();

        Assert.Equal(before, set.ConnectionString);
        Assert.Same(set.Nodes[0], await set.MasterAsync());
        Assert.Equal(0, await EpochAsync(set));
    }

    [ServerFact("redis-server")]
    public async Task Servers_speak_TLS_alone_and_ask_for_their_passwords_where_asked_to_and_a_node_that_keeps_its_log_keeps_its_data()
    {
        await using SentinelSet set = await SentinelSet.StartAsync(new() { Tls = true, Passwords = true, NodeSettings = ["appendonly yes"] });
        RedisNode master = await set.WaitForMasterAsync();

        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            await using RespConnection plain = await RespConnection.ConnectAsync(master.Port, null, null, CancellationToken.None);
            await plain.AskAsync(CancellationToken.None, "PING");
        });
        Assert.NotEqual(set.Password, set.SentinelPassword);
        using X509Certificate2 root = X509CertificateLoader.LoadCertificateFromFile(set.RootCertificateFile);
        foreach (RespServer server in (RespServer[])[master, set.Sentinels[0]])
        {
            await using RespConnection stranger = await RespConnection.ConnectAsync(server.Port, null, root, CancellationToken.None);
            Assert.StartsWith("NOAUTH", (await Assert.ThrowsAsync<RespException>(() => stranger.AskAsync(CancellationToken.None, "INFO"))).Message, StringComparison.Ordinal);
        }

        await master.AskAsync("SET", "before", "1");
        await master.KillAsync();
        await master.StartAgainAsync();
        Assert.Same(master, await set.WaitForHealthAsync());
        Assert.Equal("1", await master.AskAsync("GET", "before"));
        Assert.NotSame(master, await set.SwitchAsync());
    }

    /// <summary>Lets the sentinels ask the nodes for their roles more often, so that the test need not wait as long; 10 s is what they do by themselves.</summary>
    private static async Task LookEachAsync(SentinelSet set, int milliseconds) => await Task.WhenAll(set.Sentinels.Where(static sentinel => sentinel.IsRunning).Select(sentinel => sentinel.AskAsync("SENTINEL", "DEBUG", "info-period", $"{milliseconds}")));

    private static async Task<int> EpochAsync(SentinelSet set) => (await Task.WhenAll(set.Sentinels.Where(static sentinel => sentinel.IsRunning).Select(static sentinel => sentinel.ViewAsync()))).Max(static view => view!.Epoch);
}
