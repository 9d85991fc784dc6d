using Failover.TestServers;
using Failover.TestServers.Sentinel;
using Failover.TestServers.Writes;
using Failover.TestServers.Writes.Redis;
using StackExchange.Redis;
using Xunit.Abstractions;

namespace Failover.Redis.Tests.Following;

/// <summary>Masters that need a replica to take a write, switches that are refused, and passwords that only the nodes have.</summary>
[Collection(OnFollowedSentinels.Name)]
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
        await using PreparingSentinel sentinel = PreparingSentinel.Start(master, [target], target, refusal);
        sentinel.Prefers = true;
        await using FailoverRedis redis = new FailoverRedisBuilder("cache", sentinel.Settings).Build();
        IDatabase database = (await redis.ConnectAsync(CancellationToken.None).WaitAsync(Limit)).GetDatabase();
        FailoverMember to = await Waiting.ForAsync(
            () => Task.FromResult(redis.Group.Snapshot.Members.FirstOrDefault(static member => member is { Role: MemberRole.Replica, Verdict: Verdict.Healthy })?.Member),
            TimeSpan.FromMilliseconds(5), Limit, static () => "a replica");

        Task<Switchover> switching = redis.Group.SwitchToAsync(to, CancellationToken.None);
        await Waiting.ForAsync(() => Task.FromResult(sentinel.IsAsked ? sentinel : null), TimeSpan.FromMilliseconds(2), Limit, static () => "the question");
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

    [ServerFact("redis-server")]
    public async Task A_user_that_only_the_nodes_have_is_taken_by_them_and_let_in_without_by_the_sentinels()
    {
        SentinelSet set = await shared.HealthyAsync();
        await Task.WhenAll(set.Nodes.Select(static node => node.AskAsync("ACL", "SETUSER", "shop", "on", ">sesame", "~*", "&*", "+@all")));
        try
        {
            await using FailoverRedis redis = new FailoverRedisBuilder("cache", $"{set.ConnectionString},user=shop,password=sesame").Build();

            IDatabase database = (await redis.ConnectAsync(CancellationToken.None).WaitAsync(Limit)).GetDatabase();
            Assert.Equal("shop", (await database.ExecuteAsync("ACL", "WHOAMI").WaitAsync(Limit)).ToString());
        }
        finally
        {
            await Task.WhenAll(set.Nodes.Select(static node => node.AskAsync("ACL", "DELUSER", "shop")));
        }
    }
}
