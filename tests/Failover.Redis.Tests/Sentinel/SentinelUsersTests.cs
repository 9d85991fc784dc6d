using Failover.TestServers;
using Failover.TestServers.Resp;
using Failover.TestServers.Sentinel;
using StackExchange.Redis;

namespace Failover.Redis.Tests.Sentinel;

/// <summary>A set whose clients have users of their own: what these may do is enough to follow a master, and no more.</summary>
public class SentinelUsersTests
{
    /// <summary>What StackExchange.Redis asks when it connects, and can do without.</summary>
    private static readonly string[] OfTheMultiplexer = ["config|get", "cluster|nodes", "cluster|slots", "client|id"];

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [ServerFact("redis-server")]
    public async Task Users_with_the_rights_to_ask_and_to_write_are_enough_to_follow_a_failover()
    {
        await using SentinelSet set = await SentinelSet.StartAsync(new() { Users = true });
        await using FailoverRedis redis = Follow(set);
        Assert.Equal(1, await IncrementAsync(redis));

        // What a replica does not have yet when it is promoted is lost with any client.
        await Waiting.ForAsync(
            async () => (await Task.WhenAll(set.Nodes.Select(static node => node.StateAsync()))).Select(static state => state?.Offset).Distinct().Count() == 1 ? set : null,
            TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(30), static () => "replicas that have everything");
        RedisNode next = await set.SwitchAsync();
        Assert.Equal(2, await IncrementAsync(redis));
        Assert.Equal(next.Port, redis.Group.Snapshot.Active?.Address.Port);
        foreach (RedisNode node in set.Nodes)
        {
            Assert.All(await DeniedAsync(node), static command => Assert.Contains(command, OfTheMultiplexer));
        }
    }

    [ServerFact("redis-server")]
    public async Task They_may_do_nothing_else_and_nobody_may_do_anything_without()
    {
        await using SentinelSet set = await SentinelSet.StartAsync(new() { Users = true });
        await using RespConnection client = await RespConnection.ConnectAsync(set.Nodes[0].Port, null, null, CancellationToken.None);
        await using RespConnection watcher = await RespConnection.ConnectAsync(set.Sentinels[0].Port, null, null, CancellationToken.None);
        await AssertRefusedAsync(client, "NOAUTH", "GET", "key");
        await AssertRefusedAsync(watcher, "NOAUTH", "SENTINEL", "MYID");

        await client.AskAsync(CancellationToken.None, "AUTH", SentinelUsers.Client, set.Users!.Password);
        await watcher.AskAsync(CancellationToken.None, "AUTH", SentinelUsers.Watcher, set.Users.SentinelPassword);
        await AssertRefusedAsync(client, "NOPERM", "CONFIG", "GET", "requirepass");
        await AssertRefusedAsync(client, "NOPERM", "FLUSHALL");
        await AssertRefusedAsync(watcher, "NOPERM", "SENTINEL", "FAILOVER", SentinelSet.ServiceName);
        Assert.DoesNotContain(set.Users.Password, set.Users.ToString(), StringComparison.Ordinal);
    }

    [ServerFact("redis-server")]
    public async Task A_switch_needs_more_rights_and_the_documented_ones_are_enough()
    {
        await using SentinelSet set = await SentinelSet.StartAsync(new() { Users = true });
        await using FailoverRedis redis = Follow(set);
        await UntilAsync(redis, static snapshot => snapshot is { Condition: GroupCondition.Settled, Readable.Length: 2 });
        FailoverMember target = redis.Group.Snapshot.Members.First(static member => member.Role == MemberRole.Replica).Member;
        await Task.WhenAll(set.Sentinels.Select(static sentinel => sentinel.AskAsync(["ACL", "SETUSER", SentinelUsers.Watcher, .. SentinelUsers.WatcherRightsToSwitch])));
        Assert.Equal(SwitchoverOutcome.Abandoned, (await redis.Group.SwitchToAsync(target, CancellationToken.None).WaitAsync(Limit)).Outcome);

        foreach (RedisNode node in set.Nodes)
        {
            await node.AskAsync(["ACL", "SETUSER", SentinelUsers.Client, .. SentinelUsers.ClientRightsToSwitch]);
            await node.AskAsync("ACL", "LOG", "RESET");
        }

        Assert.Equal(SwitchoverOutcome.Completed, (await redis.Group.SwitchToAsync(target, CancellationToken.None).WaitAsync(Limit)).Outcome);
        await Waiting.ForAsync(
            async () => (await Task.WhenAll(set.Nodes.Select(static node => node.AskAsync("CONFIG", "GET", "replica-priority")))).All(static said => said is object?[] and [_, "100"]) ? set : null,
            TimeSpan.FromMilliseconds(10), Limit, static () => "the priorities of before");
        foreach (RedisNode node in set.Nodes)
        {
            Assert.All(await DeniedAsync(node), static command => Assert.Contains(command, OfTheMultiplexer));
        }
    }

    private static FailoverRedis Follow(SentinelSet set) => new FailoverRedisBuilder("cache", set.ConnectionString)
        .UseCredentials(_ => new(new RedisCredentials(SentinelUsers.Client, set.Users!.Password)))
        .UseSentinelCredentials(_ => new(new RedisCredentials(SentinelUsers.Watcher, set.Users!.SentinelPassword)))
        .Build();

    private static Task<FailoverRedis> UntilAsync(FailoverRedis redis, Func<GroupSnapshot, bool> isSo) =>
        Waiting.ForAsync(() => Task.FromResult(isSo(redis.Group.Snapshot) ? redis : null), TimeSpan.FromMilliseconds(10), Limit, () => $"the group, which is {redis.Group.Snapshot.Condition}");

    private static Task<long> IncrementAsync(FailoverRedis redis) => redis.ExecuteAsync(static (database, _) => database.StringIncrementAsync("key"), new() { IsRepeatable = true }, CancellationToken.None).WaitAsync(Limit);

    private static async Task AssertRefusedAsync(RespConnection connection, string error, params string[] command) =>
        Assert.StartsWith(error, (await Assert.ThrowsAsync<RespException>(() => connection.AskAsync(CancellationToken.None, command))).Message, StringComparison.Ordinal);

    /// <summary>The commands that the node has denied to somebody.</summary>
    private static async Task<IEnumerable<string>> DeniedAsync(RedisNode node) =>
        ((object?[])(await node.AskAsync("ACL", "LOG"))!).Select(static entry => (object?[])entry!).Select(static entry => (string)entry[Array.IndexOf(entry, "object") + 1]!);
}
