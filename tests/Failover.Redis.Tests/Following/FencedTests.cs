using Failover.Redis.Tests.Sentinel;
using Failover.TestServers;
using Failover.TestServers.Sentinel;
using Failover.TestServers.Writes;
using Failover.TestServers.Writes.Redis;
using StackExchange.Redis;
using Xunit.Abstractions;

namespace Failover.Redis.Tests.Following;

/// <summary>Masters that need a replica to take a write, switches that are refused, and passwords that only the nodes have.</summary>
[Collection(OnOtherSentinels.Name)]
public class FencedTests(SharedSentinels shared, ITestOutputHelper output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [ServerFact("redis-server")]
    public async Task No_write_fails_in_a_planned_failover_where_each_master_needs_a_replica()
    {
        SentinelSet set = await shared.HealthyAsync();
        await Task.WhenAll(set.Nodes.Select(static node => node.AskAsync("CONFIG", "SET", "min-replicas-to-write", "1")));
        try
        {
            await using WritingApp app = await WritingApp.StartAsync(set);
            await set.SwitchAsync();
            await app.WriteAsync(100);

            AuditedWrites audited = await app.AuditAsync();
            output.WriteLine($"{audited.Report}");
            Assert.True(audited.Report is { Failed: 0, Unknown: 0, Lost: [], Stale: [], AsyncLost: [] }, audited.Report.ToString());
        }
        finally
        {
            await Task.WhenAll(set.Nodes.Select(static node => node.AskAsync("CONFIG", "SET", "min-replicas-to-write", "0")));
        }
    }

    [ServerTheory("redis-server")]
    [InlineData("-INPROG Failover already in progress")]
    [InlineData("-NOGOODSLAVE No suitable replica to promote")]
    public async Task A_switch_that_the_sentinels_refuse_holds_nobody_and_leaves_the_master_as_it_is(string refusal)
    {
        SentinelSet set = await shared.HealthyAsync();
        RedisNode master = await set.WaitForMasterAsync();
        RedisNode target = set.Nodes.First(node => node != master);
        await using SentinelStandIn sentinel = SentinelStandIn.Start(command => string.Join(' ', command.Take(2)).ToUpperInvariant() switch
        {
            "SENTINEL MYID" => "$40\r\n" + new string('a', 40) + "\r\n",
            "SENTINEL GET-MASTER-ADDR-BY-NAME" => SentinelStandIn.Array("127.0.0.1", $"{master.Port}"),
            "SENTINEL MASTER" => SentinelStandIn.Array("name", "mymaster", "ip", "127.0.0.1", "port", $"{master.Port}", "flags", "master", "num-other-sentinels", "0", "quorum", "1", "config-epoch", "7", "down-after-milliseconds", "3000", "failover-timeout", "5000"),
            "SENTINEL SENTINELS" => SentinelStandIn.Array(),
            "SENTINEL REPLICAS" => "*1\r\n" + SentinelStandIn.Array("ip", "127.0.0.1", "port", $"{target.Port}", "flags", "slave", "slave-priority", "1"),
            "SENTINEL FAILOVER" => refusal + "\r\n",
            _ => "+PONG\r\n",
        });
        await using FailoverRedis redis = new FailoverRedisBuilder("cache", $"127.0.0.1:{sentinel.Port},serviceName=mymaster").Build();
        IDatabase database = (await redis.ConnectAsync(CancellationToken.None).WaitAsync(Limit)).GetDatabase();
        FailoverMember to = await Waiting.ForAsync(
            () => Task.FromResult(redis.Group.Snapshot.Members.FirstOrDefault(static member => member is { Role: MemberRole.Replica, Verdict: Verdict.Healthy })?.Member),
            TimeSpan.FromMilliseconds(5), Limit, static () => "a replica");

        Task<Switchover> switching = redis.Group.SwitchToAsync(to, CancellationToken.None);
        await Waiting.ForAsync(() => Task.FromResult(sentinel.Commands.Contains("SENTINEL FAILOVER mymaster") ? sentinel : null), TimeSpan.FromMilliseconds(2), Limit, static () => "the question");
        await Waiting.ForAsync(() => Task.FromResult(redis.Group.Snapshot.IsHeld ? null : redis), TimeSpan.FromMilliseconds(2), Limit, static () => "the end of the hold");
        Assert.True(await database.StringSetAsync("a", "b").WaitAsync(Limit));
        output.WriteLine($"{(await switching.WaitAsync(Limit)).Evidence}");
        Assert.Equal(SwitchoverOutcome.Abandoned, (await switching).Outcome);
        Assert.True((await master.StateAsync())!.IsMaster);
        Assert.Equal("100", (await target.AskAsync("CONFIG", "GET", "replica-priority") as object?[])![1]);
    }

    [ServerFact("redis-server")]
    public async Task Servers_that_have_no_password_let_in_who_brings_one_as_sentinels_are_given_that_of_the_nodes()
    {
        SentinelSet set = await shared.HealthyAsync();
        await using FailoverRedis redis = new FailoverRedisBuilder("cache", $"{set.ConnectionString},password=sesame").Build();

        IDatabase database = (await redis.ConnectAsync(CancellationToken.None).WaitAsync(Limit)).GetDatabase();
        Assert.True(await database.StringSetAsync("a", "b").WaitAsync(Limit));
    }
}
