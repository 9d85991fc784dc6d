using Failover.Redis.Tests.Sentinel;
using Failover.TestServers;
using Failover.TestServers.Sentinel;

namespace Failover.Redis.Tests.Execution;

/// <summary>Work through the death of a real master.</summary>
[Collection(OnOtherSentinels.Name)]
public class ThroughFailoverTests(SharedSentinels shared)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [ServerFact("redis-server")]
    public async Task Work_that_may_be_done_twice_gets_through_the_death_of_the_master_without_an_error()
    {
        SentinelSet set = await shared.HealthyAsync();
        RedisNode master = await set.WaitForMasterAsync();
        await using FailoverRedis redis = new FailoverRedisBuilder("cache", set.ConnectionString).Build();
        using CancellationTokenSource stop = new(Limit);
        int before = 0;
        Task[] writers = [.. Enumerable.Range(0, 20).Select(number => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                Assert.True(await redis.ExecuteAsync((database, _) => database.StringSetAsync($"through-{number}", "1"), new() { IsIdempotent = true }, CancellationToken.None));
                Interlocked.Increment(ref before);
            }
        }))];
        await Multiplexed.EventuallyAsync(() => Task.FromResult(Volatile.Read(ref before) > 1000));

        await master.KillAsync();
        RedisNode next = await set.WaitForMasterAsync(otherThan: master);
        int then = Volatile.Read(ref before);
        await Multiplexed.EventuallyAsync(() => Task.FromResult(Volatile.Read(ref before) > then + 1000));
        await stop.CancelAsync();
        await Task.WhenAll(writers).WaitAsync(Limit);

        Assert.Equal(next.Port, redis.Group.Snapshot.Active?.Address.Port);
        Assert.Equal("1", await next.AskAsync("GET", "through-19"));
    }
}
