using System.Diagnostics;
using Failover.Redis.Tests.Sentinel;
using Failover.TestServers;
using Failover.TestServers.Network;
using Failover.TestServers.Sentinel;
using StackExchange.Redis;
using Xunit.Abstractions;

namespace Failover.Redis.Tests.Following;

/// <summary>An app that is cut off from the master alone: the sentinels see nothing wrong, and nobody takes over.</summary>
[Collection(OnOtherSentinels.Name)]
public class UnavailableTests(SharedSentinels shared, ITestOutputHelper output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [ServerFact("redis-server")]
    public async Task Without_a_master_commands_wait_until_nobody_is_waited_for_then_fail_at_once_and_go_on_when_it_is_back()
    {
        SentinelSet set = await shared.HealthyAsync();
        RedisNode master = await set.WaitForMasterAsync();
        await using FailoverRedis redis = OverRelays(set, "");
        IDatabase database = (await redis.ConnectAsync(CancellationToken.None).WaitAsync(Limit)).GetDatabase();
        Assert.True(await database.StringSetAsync("before", "1").WaitAsync(Limit));

        await master.Relay.BecomeAsync(RelayMode.Blackhole);

        // The multiplexer hears of it a moment after the group says it.
        await Waiting.ForAsync(
            () => Task.FromResult(redis.Group.Snapshot.Condition == GroupCondition.Unavailable && !redis.Set.Backlog.Policy.QueueWhileDisconnected ? redis : null),
            TimeSpan.FromMilliseconds(10),
            Limit,
            () => redis.Group.Snapshot.Condition.ToString());

        // By the library's own timeout it would take ten seconds and more.
        long began = Stopwatch.GetTimestamp();
        RedisConnectionException refused = await Assert.ThrowsAsync<RedisConnectionException>(() => database.StringSetAsync("meanwhile", "1"));
        output.WriteLine($"{Stopwatch.GetElapsedTime(began)}: {refused.Message}");
        Assert.Equal(RedisExecution.NotExecuted, RedisOutcome.Of(refused));
        Assert.NotEqual(CommandStatus.WaitingInBacklog, refused.CommandStatus);
        MasterUnavailableException told = await Assert.ThrowsAsync<MasterUnavailableException>(() => redis.ExecuteAsync(
            static (one, _) => one.StringSetAsync("meanwhile", "2"), new RedisExecuteOptions { Timeout = TimeSpan.FromMilliseconds(200) }, CancellationToken.None));
        output.WriteLine(told.Message);
        Assert.Contains($"127.0.0.1:{master.Relay.Port}", told.Message, StringComparison.Ordinal);

        await master.Relay.BecomeAsync(RelayMode.Pass);
        await redis.Group.WaitForActiveAsync(CancellationToken.None).AsTask().WaitAsync(Limit);
        Assert.True(await redis.ExecuteAsync(static (one, _) => one.StringSetAsync("after", "1"), new RedisExecuteOptions { IsRepeatable = true }, CancellationToken.None).WaitAsync(Limit));
        Assert.False((await database.StringGetAsync("meanwhile").WaitAsync(Limit)).HasValue);
    }

    [ServerFact("redis-server")]
    public async Task Commands_that_wait_when_the_master_is_given_up_fail_then_and_not_when_their_own_time_is_up()
    {
        SentinelSet set = await shared.HealthyAsync();
        RedisNode master = await set.WaitForMasterAsync();
        await using FailoverRedis redis = OverRelays(set, ",syncTimeout=120000,asyncTimeout=120000");
        IDatabase database = (await redis.ConnectAsync(CancellationToken.None).WaitAsync(Limit)).GetDatabase();
        Assert.True(await database.StringSetAsync("before", "1").WaitAsync(Limit));

        await master.Relay.BecomeAsync(RelayMode.Blackhole);
        await Waiting.ForAsync(() => Task.FromResult(redis.Set.Masters.State is { Waiting: > 0, Links: 0 } ? redis : null), TimeSpan.FromMilliseconds(10), Limit, () => redis.Set.Masters.State.ToString());
        Task<bool> asynchronous = database.StringSetAsync("kept", "1");
        Task<bool> synchronous = Task.Factory.StartNew(() => database.StringSet("kept", "2"), TaskCreationOptions.LongRunning);
        RedisConnectionException refused = await Assert.ThrowsAsync<RedisConnectionException>(() => asynchronous.WaitAsync(Limit));
        output.WriteLine($"{refused.CommandStatus}: {refused.Message}");
        Assert.Equal(RedisExecution.NotExecuted, RedisOutcome.OfAsynchronous(refused));
        await Assert.ThrowsAsync<RedisConnectionException>(() => synchronous.WaitAsync(Limit));
        Assert.Equal(GroupCondition.Unavailable, redis.Group.Snapshot.Condition);

        await master.Relay.BecomeAsync(RelayMode.Pass);
        await redis.Group.WaitForActiveAsync(CancellationToken.None).AsTask().WaitAsync(Limit);
        Assert.Equal(RedisValue.Null, await redis.ExecuteAsync(static (one, _) => one.StringGetAsync("kept"), new RedisExecuteOptions { IsIdempotent = true }, CancellationToken.None).WaitAsync(Limit));
    }

    /// <summary>An app that reaches each node over a relay, and the sentinels without.</summary>
    private static FailoverRedis OverRelays(SentinelSet set, string more)
    {
        FailoverRedisBuilder builder = new("cache", set.ConnectionString + more);
        foreach (RedisNode node in set.Nodes)
        {
            builder.Options.AddressMap[$"127.0.0.1:{node.Port}"] = $"127.0.0.1:{node.Relay.Port}";
        }

        return builder.Configure(options => options.MaxSwitchTime = TimeSpan.FromSeconds(2)).Build();
    }
}
