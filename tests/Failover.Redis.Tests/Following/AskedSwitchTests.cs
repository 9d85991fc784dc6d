using System.Globalization;
using Failover.TestServers;
using Failover.TestServers.Resp;
using Failover.TestServers.Sentinel;
using Xunit.Abstractions;

namespace Failover.Redis.Tests.Following;

/// <summary>What a switch that an app asks for means to others, and what is left of one that is refused.</summary>
[Collection(OnFollowedSentinels.Name)]
public class AskedSwitchTests(SharedSentinels shared, ITestOutputHelper output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [ServerFact("redis-server")]
    public async Task Another_client_loses_nothing_however_short_commands_may_be_held()
    {
        SentinelSet set = await shared.HealthyAsync();
        RedisNode old = await set.WaitForMasterAsync();
        await old.AskAsync("FLUSHALL");
        await using FailoverRedis redis = await FollowAsync(set, TimeSpan.FromMilliseconds(200));
        using CancellationTokenSource stop = new();
        Task<int> writing = WriteAsync(old, stop.Token);
        Switchover made = await redis.Group.SwitchToAsync(ReplicaOf(redis), CancellationToken.None).WaitAsync(Limit);
        await stop.CancelAsync();
        int acknowledged = await writing.WaitAsync(Limit);

        RedisNode next = await set.WaitForMasterAsync(otherThan: old);
        output.WriteLine($"{acknowledged} acknowledged, {await next.AskAsync("DBSIZE")} there; {made}");
        Assert.InRange(acknowledged, 1, int.MaxValue);
        Assert.InRange((long)(await next.AskAsync("DBSIZE"))!, acknowledged, long.MaxValue);
        await WaitForPrioritiesAsync(set);
        await Waiting.ForAsync(async () => await next.AskAsync("EXISTS", "failover:switch", "failover:switch:priorities") is 0L ? set : null, TimeSpan.FromMilliseconds(10), Limit, static () => "the lock and the notes to be gone");
    }

    [ServerFact("redis-server")]
    public async Task A_switch_that_the_sentinels_refuse_leaves_nothing_behind()
    {
        SentinelSet set = await shared.HealthyAsync();
        RedisNode master = await set.WaitForMasterAsync();
        await using FailoverRedis redis = await FollowAsync(set, TimeSpan.FromSeconds(30));
        FailoverMember target = ReplicaOf(redis);
        try
        {
            await Task.WhenAll(set.Sentinels.Select(static sentinel => sentinel.AskAsync("ACL", "SETUSER", "default", "-sentinel|failover")));
            Switchover made = await redis.Group.SwitchToAsync(target, CancellationToken.None).WaitAsync(Limit);
            output.WriteLine($"{made}");
            Assert.NotEqual(SwitchoverOutcome.Completed, made.Outcome);

            // Long before a pause would end by itself.
            await master.AskAsync("SET", "after", "1").WaitAsync(TimeSpan.FromSeconds(15));
            Assert.Equal(master, await set.WaitForMasterAsync());
            Assert.False(redis.Group.Snapshot.IsHeld);
            await WaitForPrioritiesAsync(set);
        }
        finally
        {
            await Task.WhenAll(set.Sentinels.Select(static sentinel => sentinel.AskAsync("ACL", "SETUSER", "default", "+@all")));
        }
    }

    [FullFact]
    public async Task Two_apps_that_ask_at_once_are_served_one_after_the_other_and_leave_nothing_behind()
    {
        SentinelSet set = await shared.HealthyAsync();
        await using FailoverRedis one = await FollowAsync(set, TimeSpan.FromSeconds(5));
        await using FailoverRedis other = await FollowAsync(set, TimeSpan.FromSeconds(5));
        FailoverMember[] replicas = [.. one.Group.Snapshot.Members.Where(static member => member.Role == MemberRole.Replica).Select(static member => member.Member)];
        Switchover[] made = await Task.WhenAll(one.Group.SwitchToAsync(replicas[0], CancellationToken.None), other.Group.SwitchToAsync(replicas[1], CancellationToken.None)).WaitAsync(TimeSpan.FromSeconds(120));
        output.WriteLine(string.Join(Environment.NewLine, made.Select(static switchover => switchover.ToString())));

        Assert.Contains(made, static switchover => switchover.Outcome == SwitchoverOutcome.Completed);
        RedisNode master = await set.WaitForHealthAsync();
        Assert.Equal("OK", await master.AskAsync("SET", "after", "1"));
        await WaitForPrioritiesAsync(set);
        await Waiting.ForAsync(async () => await master.AskAsync("EXISTS", "failover:switch") is 0L ? set : null, TimeSpan.FromMilliseconds(50), Limit, static () => "the lock to be given back");
    }

    private static async Task<FailoverRedis> FollowAsync(SentinelSet set, TimeSpan holdLimit)
    {
        FailoverRedisBuilder builder = new("cache", set.ConnectionString);
        builder.Options.HoldLimit = holdLimit;
        FailoverRedis redis = builder.Build();
        await Waiting.ForAsync(
            () => Task.FromResult(redis.Group.Snapshot is { Condition: GroupCondition.Settled, Readable.Length: 2 } ? redis : null),
            TimeSpan.FromMilliseconds(10), Limit, static () => "a master and two replicas");
        return redis;
    }

    /// <summary>The group has its new master a little before the switch has tidied up.</summary>
    private static async Task WaitForPrioritiesAsync(SentinelSet set) => await Waiting.ForAsync(
        async () => (await Task.WhenAll(set.Nodes.Select(static node => node.AskAsync("CONFIG", "GET", "replica-priority")))).All(static said => said is object?[] and [_, "100"]) ? set : null,
        TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(30), static () => "the priorities of before");

    private static FailoverMember ReplicaOf(FailoverRedis redis) => redis.Group.Snapshot.Members.Last(static member => member.Role == MemberRole.Replica).Member;

    /// <summary>Writes one key after another to a node for as long as that takes them: a client that knows nothing of what happens.</summary>
    private static async Task<int> WriteAsync(RedisNode node, CancellationToken stop)
    {
        int acknowledged = 0;
        try
        {
            await using RespConnection client = await RespConnection.ConnectAsync(node.Port, null, null, CancellationToken.None);
            while (!stop.IsCancellationRequested)
            {
                await client.AskAsync(stop, "SET", acknowledged.ToString(CultureInfo.InvariantCulture), "1");
                acknowledged++;
            }
        }
        catch (Exception exception) when (exception is RespException or IOException or OperationCanceledException)
        {
            // It is no master any more, or has closed the connection.
        }

        return acknowledged;
    }
}
