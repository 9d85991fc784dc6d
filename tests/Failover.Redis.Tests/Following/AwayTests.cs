namespace Failover.Redis.Tests.Following;

/// <summary>An app that starts while no Redis runs.</summary>
public class AwayTests
{
    [Fact]
    public async Task The_connection_is_there_after_one_attempt_whatever_the_app_says_while_the_master_is_still_waited_for()
    {
        await using FailoverRedis redis = new FailoverRedisBuilder("cache", "127.0.0.1:1,serviceName=mymaster,connectTimeout=100,connectRetry=3")
            .Configure(static options => options.StartTimeout = TimeSpan.FromMinutes(5))
            .Build();

        Assert.Equal(1, redis.Set.For(redis.Set.Masters).ConnectRetry);
        Assert.False((await redis.ConnectAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30))).IsConnected);
        Assert.Equal(GroupCondition.Starting, redis.Group.Snapshot.Condition);
    }
}
