using Failover.Redis.Checks;
using Failover.Redis.Tests.Sentinel;
using Failover.TestServers;
using Failover.TestServers.Sentinel;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;
using Xunit.Abstractions;

namespace Failover.Redis.Tests.Following;

/// <summary>What is so while a switch that somebody asked for is prepared: up to ten seconds, in which the master serves.</summary>
[Collection(OnOtherSentinels.Name)]
public class PreparedSwitchTests(SharedSentinels shared, ITestOutputHelper output)
{
    private const string Left = "failover:switch:priorities";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    [ServerFact("redis-server")]
    public async Task The_group_is_well_while_a_switch_is_prepared_and_what_a_switch_that_died_has_left_is_put_back()
    {
        SentinelSet set = await shared.HealthyAsync();
        RedisNode master = await set.WaitForMasterAsync();
        RedisNode[] replicas = [.. set.Nodes.Where(node => node != master)];
        (RedisNode target, RedisNode other) = (replicas[0], replicas[1]);
        await using PreparingSentinel sentinel = PreparingSentinel.Start(master, replicas, target);
        await using FailoverRedis redis = await FollowAsync(sentinel);
        try
        {
            await other.AskAsync("CONFIG", "SET", "replica-priority", "1");
            await master.AskAsync("HSET", Left, other.Endpoint, "100");
            Task<Switchover> switching = redis.Group.SwitchToAsync(MemberOf(redis, target), CancellationToken.None);
            await Waiting.ForAsync(async () => await PriorityAsync(target) == 1 ? set : null, Look, Limit, static () => "the target to be preferred");
            Assert.Equal("100", await master.AskAsync("HGET", Left, target.Endpoint));
            Assert.Equal(100, await PriorityAsync(other));
            Assert.Equal(GroupCondition.Switching, redis.Group.Snapshot.Condition);
            HealthCheckResult check = await new RedisHealthCheck(redis, new() { RequireMinReplicasToWrite = false }, TimeProvider.System).CheckHealthAsync(Context).WaitAsync(Limit);
            Assert.True(check.Status == HealthStatus.Healthy, check.Description);
            Assert.Contains("answerMs", check.Data.Keys);

            sentinel.Prefers = true;
            output.WriteLine($"{(await switching.WaitAsync(Limit)).Evidence}");
            Assert.True(sentinel.IsAsked);
            await Waiting.ForAsync(async () => await PriorityAsync(target) == 100 && await master.AskAsync("EXISTS", Left) is 0L ? set : null, Look, Limit, static () => "the priority of before");
        }
        finally
        {
            await PutBackAsync(set, master);
        }
    }

    [ServerFact("redis-server")]
    public async Task A_target_that_is_given_up_while_the_switch_is_prepared_ends_it_with_a_refusal_that_says_so()
    {
        SentinelSet set = await shared.HealthyAsync();
        RedisNode master = await set.WaitForMasterAsync();
        RedisNode[] replicas = [.. set.Nodes.Where(node => node != master)];
        RedisNode target = replicas[0];
        await using PreparingSentinel sentinel = PreparingSentinel.Start(master, replicas, target);
        await using FailoverRedis redis = await FollowAsync(sentinel);
        FailoverMember to = MemberOf(redis, target);
        try
        {
            Task<Switchover> switching = redis.Group.SwitchToAsync(to, CancellationToken.None);
            await Waiting.ForAsync(async () => await PriorityAsync(target) == 1 ? set : null, Look, Limit, static () => "the target to be preferred");
            int looks = sentinel.Looks;
            await Waiting.ForAsync(() => Task.FromResult(sentinel.Looks > looks + 10 ? set : null), Look, Limit, static () => "the switch to wait for that");
            target.Freeze();
            Switchover ended = await switching.WaitAsync(Limit);

            output.WriteLine($"{ended.Outcome}: {ended.Evidence}");
            Assert.Equal(SwitchoverOutcome.Abandoned, ended.Outcome);
            Assert.Contains($"{to.Name} was given up", ended.Evidence, StringComparison.Ordinal);
            Assert.False(sentinel.IsAsked);
            Assert.True(await (await redis.ConnectAsync(CancellationToken.None).WaitAsync(Limit)).GetDatabase().StringSetAsync("a", "b").WaitAsync(Limit));
        }
        finally
        {
            target.Thaw();
            await PutBackAsync(set, master);
        }
    }

    private static HealthCheckContext Context => new() { Registration = new("cache", static _ => throw new InvalidOperationException(), HealthStatus.Unhealthy, null) };

    private static async Task<FailoverRedis> FollowAsync(PreparingSentinel sentinel)
    {
        FailoverRedis redis = new FailoverRedisBuilder("cache", sentinel.Settings).Build();
        await Waiting.ForAsync(
            () => Task.FromResult(redis.Group.Snapshot is { Condition: GroupCondition.Settled, Readable.IsEmpty: false } snapshot && snapshot.Members.All(static member => member.Verdict == Verdict.Healthy) ? redis : null),
            Look, Limit, static () => "a master and its replicas");
        return redis;
    }

    private static FailoverMember MemberOf(FailoverRedis redis, RedisNode node) => redis.Group.Snapshot.Members.Single(member => member.Member.Address.Port == node.Port).Member;

    /// <summary>The set is for other tests too.</summary>
    private static async Task PutBackAsync(SentinelSet set, RedisNode master)
    {
        await Task.WhenAll(set.Nodes.Select(static node => node.AskAsync("CONFIG", "SET", "replica-priority", "100")));
        await master.AskAsync("DEL", Left);
    }

    private static async Task<long> PriorityAsync(RedisNode node) =>
        await node.AskAsync("CONFIG", "GET", "replica-priority") is object?[] and [_, string text] ? long.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : throw new InvalidOperationException("no priority");
}
