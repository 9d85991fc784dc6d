using Failover.Redis.Probing;
using Failover.Redis.Tests.Sentinel;
using Failover.TestServers;
using Failover.TestServers.Resp;
using Failover.TestServers.Sentinel;
using Microsoft.Extensions.Logging.Abstractions;
using Server = Failover.TestServers.Sentinel.RedisNode;

namespace Failover.Redis.Tests.Probing;

/// <summary>What the probe says of real nodes. Whom the sentinels name is what the fixture finds.</summary>
[Collection(OnOtherSentinels.Name)]
public sealed class ProbeOnServersTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>How often a master says something to its replicas though nothing is written.</summary>
    private static readonly TimeSpan Ping = TimeSpan.FromSeconds(10);

    private readonly SharedSentinels _shared;
    private readonly RedisNodes _nodes = new(ProbedNode.Access(static _ => new((RedisCredentials?)null)), TimeProvider.System);
    private readonly RedisProbe _probe;
    private int _named;
    private long _epoch = 1;

    public ProbeOnServersTests(SharedSentinels shared)
    {
        _shared = shared;
        _probe = new RedisProbe(
            _nodes,
            (member, saysMaster) => !saysMaster ? (MemberRole.Replica, null) : member.Address.Port == _named ? (MemberRole.Primary, new Epoch("set", _epoch)) : (MemberRole.Unknown, null),
            new ReplicaLag("cache", new PositionClock(), static () => new LagOptions(), NullLogger.Instance),
            TimeProvider.System);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _nodes.DisposeAsync().AsTask();

    [ServerFact("redis-server")]
    public async Task Of_a_healthy_set_one_is_the_primary_and_the_others_are_not_behind()
    {
        (SentinelSet set, Server master) = await HealthyAsync();

        Server[] replicas = [.. set.Nodes.Where(node => node != master)];
        List<TimeSpan?>[] told = [[], []];
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(MemberRole.Primary, (await ProbeAsync(master)).Role);
            foreach ((int index, Server replica) in replicas.Index())
            {
                ProbeResult result = await ProbeAsync(replica);
                Assert.Equal(MemberRole.Replica, result.Role);
                told[index].Add(result.Lag);
            }
        }

        // The log grows by itself, with the master's ping each ten seconds and with what sentinels publish: looks may come before a replica has read that, and all of them lie within some milliseconds.
        Assert.All(told, static lags => Assert.All(lags, static lag => Assert.InRange(lag ?? TimeSpan.MaxValue, TimeSpan.Zero, Ping)));
        foreach (Server replica in replicas)
        {
            await UntilAsync(async () => (await ProbeAsync(master)).Role == MemberRole.Primary && (await ProbeAsync(replica)).Lag == TimeSpan.Zero);
        }

        Assert.Equal(2, _nodes.Find(MemberOf(master))!.Last!.Replicas.Count(static replica => replica.IsOnline));
    }

    [ServerFact("redis-server")]
    public async Task Under_writes_no_replica_is_ever_behind_by_less_than_nothing_and_none_for_long()
    {
        (SentinelSet set, Server master) = await HealthyAsync();
        await using RespConnection writer = await master.ConnectAsync(CancellationToken.None);
        Server replica = set.Nodes.First(node => node != master);

        for (int i = 0; i < 300; i++)
        {
            await writer.AskAsync(CancellationToken.None, "SET", $"key{i}", new string('x', 1000));
            if (i % 3 == 0)
            {
                await ProbeAsync(master);
            }

            Assert.True((await ProbeAsync(replica)).Lag >= TimeSpan.Zero);
        }

        await UntilAsync(async () => await ProbeAsync(master) is not null && (await ProbeAsync(replica)).Lag == TimeSpan.Zero);
    }

    [ServerFact("redis-server")]
    public async Task A_frozen_master_gives_no_answer_and_is_asked_again_when_it_wakes_up()
    {
        (_, Server master) = await HealthyAsync();
        await ProbeAsync(master);

        master.Freeze();
        Assert.Equal(ProbeOutcome.TimedOut, (await ProbeAsync(master, Short)).Outcome);
        Assert.Equal(ProbeOutcome.TimedOut, (await ProbeAsync(master, Short)).Outcome);

        master.Thaw();
        await UntilAsync(async () => (await ProbeAsync(master)).Role == MemberRole.Primary);
    }

    [ServerFact("redis-server")]
    public async Task A_killed_node_refuses_and_is_asked_again_when_it_was_started()
    {
        (SentinelSet set, Server master) = await HealthyAsync();
        Server replica = set.Nodes.First(node => node != master);
        await ProbeAsync(replica);

        await replica.KillAsync();
        ProbeResult refused = await ProbeAsync(replica);
        Assert.Equal((ProbeOutcome.Failed, "ConnectionRefused"), (refused.Outcome, refused.Evidence));

        await replica.StartAgainAsync();
        await ProbeAsync(master);
        await UntilAsync(async () => await ProbeAsync(replica) is { Role: MemberRole.Replica, Lag: { } lag } && lag == TimeSpan.Zero);
    }

    [ServerFact("redis-server")]
    public async Task A_master_that_loads_its_data_serves_nobody_and_is_the_primary_again_when_it_has()
    {
        (_, Server master) = await HealthyAsync();
        // What other tests left here would be loaded as slowly.
        await master.AskAsync("FLUSHALL");
        await master.AskAsync("DEBUG", "POPULATE", "2000", "key", "100");
        await using RespConnection reloading = await master.ConnectAsync(CancellationToken.None);
        ProbeResult? loading = null;
        await master.AskAsync("CONFIG", "SET", "key-load-delay", "1000", "loading-process-events-interval-bytes", "1024");
        try
        {
            await reloading.SendAsync(CancellationToken.None, ["DEBUG", "RELOAD"]);
            await UntilAsync(async () => (loading = await ProbeAsync(master)).Outcome == ProbeOutcome.Failed);
        }
        finally
        {
            // The rest is loaded at full speed, however the wait ended: the set is shared.
            await master.AskAsync("CONFIG", "SET", "key-load-delay", "0");
            Assert.Equal("OK", await reloading.ReadAsync(CancellationToken.None).WaitAsync(Limit));
        }

        Assert.Equal("Redis refuses commands: it loads its data (LOADING)", loading!.Evidence);
        Assert.Equal(MemberRole.Primary, (await ProbeAsync(master)).Role);
        await master.AskAsync("FLUSHALL");
    }

    [ServerFact("redis-server")]
    public async Task A_user_that_is_not_known_or_may_not_ask_is_a_failure()
    {
        (_, Server master) = await HealthyAsync();
        await master.AskAsync("ACL", "SETUSER", "meek", "on", ">Gr4nite", "+ping");

        ProbeResult unknown = await ProbeAsAsync(master, "nobody", "Gr4nite");
        ProbeResult wrong = await ProbeAsAsync(master, "meek", "M0ss");
        ProbeResult meek = await ProbeAsAsync(master, "meek", "Gr4nite");
        await master.AskAsync("ACL", "SETUSER", "meek", "+info");
        ProbeResult well = await ProbeAsAsync(master, "meek", "Gr4nite");
        await master.AskAsync("ACL", "DELUSER", "meek");

        Assert.All([unknown, wrong], static result => Assert.Equal((ProbeOutcome.Failed, "Redis refuses the connection: it does not take the user and password of the group (WRONGPASS or NOAUTH)"), (result.Outcome, result.Evidence)));
        Assert.Equal((ProbeOutcome.Failed, "Redis refuses the probe: the user of the group may not ask PING and INFO (NOPERM)"), (meek.Outcome, meek.Evidence));
        Assert.Equal(MemberRole.Primary, well.Role);
    }

    [ServerFact("redis-server")]
    public async Task A_replica_that_has_lost_its_master_while_that_writes_is_the_later_the_longer_it_lasts_and_then_catches_up()
    {
        (SentinelSet set, Server master) = await HealthyAsync();
        Server replica = set.Nodes.First(node => node != master);
        await UntilAsync(async () => await ProbeAsync(master) is not null && (await ProbeAsync(replica)).Lag == TimeSpan.Zero);

        // Nothing listens on port 1. The sentinels let that be for some seconds.
        await replica.AskAsync("REPLICAOF", "127.0.0.1", "1");
        await master.AskAsync("SET", "missed", "1");
        TimeSpan last = TimeSpan.Zero;
        int grown = 0;
        await UntilAsync(async () =>
        {
            await ProbeAsync(master);
            ProbeResult result = await ProbeAsync(replica);
            grown += result.Lag > last ? 1 : 0;
            Assert.True(result.Lag >= last);
            last = result.Lag!.Value;
            return grown >= 5 && last > TimeSpan.FromSeconds(1);
        });
        Assert.True(_nodes.Find(MemberOf(replica))!.Place!.Bytes > 0);

        await replica.AskAsync("REPLICAOF", "127.0.0.1", $"{master.Port}");
        await UntilAsync(async () => await ProbeAsync(master) is not null && (await ProbeAsync(replica)).Lag == TimeSpan.Zero);
    }

    [ServerFact("redis-server")]
    public async Task A_replica_that_hangs_gives_no_answer_and_is_behind_no_more_soon_after_it_wakes_up()
    {
        (SentinelSet set, Server master) = await HealthyAsync();
        Server replica = set.Nodes.First(node => node != master);
        await ProbeAsync(replica);

        Task awake = await replica.SleepAsync(TimeSpan.FromSeconds(1));
        await UntilAsync(async () => (await ProbeAsync(replica, Short)).Outcome == ProbeOutcome.TimedOut);
        await master.AskAsync("SET", "missed", "1");
        await awake.WaitAsync(Limit);

        await UntilAsync(async () => await ProbeAsync(master) is not null && await ProbeAsync(replica) is { Role: MemberRole.Replica, Lag: { } lag } && lag == TimeSpan.Zero);
    }

    [ServerFact("redis-server")]
    public async Task A_connection_that_was_closed_since_the_last_probe_costs_none()
    {
        (_, Server master) = await HealthyAsync();
        await ProbeAsync(master);

        // As a promotion does.
        await master.AskAsync("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");

        Assert.Equal(MemberRole.Primary, (await ProbeAsync(master)).Role);
        await master.AskAsync("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
        Assert.True(await _nodes.SaysMasterAsync(MemberOf(master), CancellationToken.None));
    }

    [ServerFact("redis-server")]
    public async Task A_promoted_node_says_so_at_once_and_the_replica_that_follows_it_goes_on_with_its_log()
    {
        (SentinelSet set, Server old) = await HealthyAsync();
        foreach (Server node in set.Nodes)
        {
            await ProbeAsync(node);
        }

        Server next = await set.SwitchAsync();
        Server other = set.Nodes.Single(node => node != old && node != next);
        Assert.True(await _nodes.SaysMasterAsync(MemberOf(next), CancellationToken.None));
        Assert.Equal(MemberRole.Unknown, (await ProbeAsync(next)).Role);

        (_named, _epoch) = (next.Port, _epoch + 1);

        Assert.Equal(MemberRole.Primary, (await ProbeAsync(next)).Role);
        Assert.NotEqual(MemberRole.Primary, (await ProbeAsync(old)).Role);
        await UntilAsync(async () => await ProbeAsync(next) is not null && (await ProbeAsync(other)).Lag == TimeSpan.Zero);
    }

    private static FailoverMember MemberOf(Server node) => new(new Uri($"redis://127.0.0.1:{node.Port}"));

    private async Task<(SentinelSet Set, Server Master)> HealthyAsync()
    {
        SentinelSet set = await _shared.HealthyAsync();
        Server master = await set.WaitForMasterAsync();
        _named = master.Port;
        return (set, master);
    }

    private Task<ProbeResult> ProbeAsync(Server node, TimeSpan? limit = null) => LookAsync(_probe, node, limit ?? Limit);

    private static async Task<ProbeResult> ProbeAsAsync(Server node, string user, string password)
    {
        await using RedisNodes nodes = new(ProbedNode.Access(_ => new(new RedisCredentials(user, password))), TimeProvider.System);
        return await LookAsync(ProbedNode.ProbeOf(nodes, isNamed: true), node, Limit);
    }

    /// <summary>As a group does: what does not come in time is no answer.</summary>
    private static async Task<ProbeResult> LookAsync(RedisProbe probe, Server node, TimeSpan within)
    {
        using CancellationTokenSource limit = new(within);
        try
        {
            return await probe.ProbeAsync(MemberOf(node), limit.Token);
        }
        catch (OperationCanceledException)
        {
            return ProbeResult.Timeout("no answer in time");
        }
    }

    private static Task<object> UntilAsync(Func<Task<bool>> isSo) => Waiting.ForAsync(async () => await isSo() ? new object() : null, Pause, Limit, () => "it");
}
