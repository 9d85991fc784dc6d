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
        FailoverRedisBuilder builder = new("cache", set.ConnectionString);
        foreach (RedisNode node in set.Nodes)
        {
            builder.Options.AddressMap[$"127.0.0.1:{node.Port}"] = $"127.0.0.1:{node.Relay.Port}";
        }

        builder.Configure(options => options.MaxSwitchTime = TimeSpan.FromSeconds(2));
        await using FailoverRedis redis = builder.Build();
        IDatabase database = (await redis.ConnectAsync(CancellationToken.None).WaitAsync(Limit)).GetDatabase();
        Assert.True(await database.StringSetAsync("before", "1").WaitAsync(Limit));

        await master.Relay.BecomeAsync(RelayMode.Blackhole);
        await Waiting.ForAsync(() => Task.FromResult(redis.Group.Snapshot.Condition == GroupCondition.Unavailable ? redis : null), TimeSpan.FromMilliseconds(10), Limit, () => redis.Group.Snapshot.Condition.ToString());

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
}
