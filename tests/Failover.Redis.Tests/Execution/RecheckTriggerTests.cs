using Failover.Redis.Execution;
using Failover.TestServers;
using Failover.TestServers.Network;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;

namespace Failover.Redis.Tests.Execution;

public class RecheckTriggerTests
{
    private readonly FakeTimeProvider _time = new();
    private int _looks;

    [Fact]
    public void The_first_that_fails_has_the_group_look_and_the_others_once_more_when_that_has_rested()
    {
        using RecheckTrigger trigger = NewTrigger();
        for (int i = 0; i < 1000; i++)
        {
            trigger.Want();
        }

        Assert.Equal(1, _looks);
        _time.Advance(RecheckTrigger.Rest);
        Assert.Equal(2, _looks);
        _time.Advance(RecheckTrigger.Rest);
        _time.Advance(RecheckTrigger.Rest);
        Assert.Equal(2, _looks);

        trigger.Want();
        Assert.Equal(3, _looks);
    }

    [Fact]
    public void Nothing_is_looked_at_after_the_end()
    {
        RecheckTrigger trigger = NewTrigger();
        trigger.Want();
        trigger.Want();
        trigger.Dispose();
        _time.Advance(RecheckTrigger.Rest);
        trigger.Want();

        Assert.Equal(1, _looks);
    }

    [ServerFact("redis-server")]
    public async Task What_a_plain_user_of_the_multiplexer_meets_is_seen_without_a_call_through_this_package()
    {
        await using Multiplexed redis = await Multiplexed.StartAsync(TimeSpan.FromSeconds(20));
        using RecheckTrigger trigger = NewTrigger();
        trigger.Watch(redis.Connection);
        await redis.Direct.ExecuteAsync("CONFIG", "SET", "min-replicas-to-write", "1");
        await AssertSeenAsync(() => redis.Database.StringIncrementAsync("k"));
        await AssertSeenAsync(() => redis.Database.StringIncrementAsync("k", 1, CommandFlags.FireAndForget));
        await AssertSeenAsync(() => redis.Database.ScriptEvaluateAsync("return redis.call('INCR', 'k')"));
        await AssertSeenAsync(() =>
        {
            ITransaction transaction = redis.Database.CreateTransaction();
            _ = transaction.StringIncrementAsync("k");
            return transaction.ExecuteAsync();
        });
        await redis.Direct.ExecuteAsync("CONFIG", "SET", "min-replicas-to-write", "0");

        await redis.Direct.ExecuteAsync("REPLICAOF", "127.0.0.1", "1");
        await AssertSeenAsync(() => redis.Database.StringIncrementAsync("k"));
        await redis.Direct.ExecuteAsync("CONFIG", "SET", "replica-serve-stale-data", "no");
        await AssertSeenAsync(() => redis.Database.StringGetAsync("k"));
        await AssertSeenAsync(() => redis.Relay.BecomeAsync(RelayMode.Cut));
    }

    [Theory]
    [InlineData("READONLY You can't write against a read only replica.", true)]
    [InlineData("MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.", true)]
    [InlineData("LOADING Redis is loading the dataset in memory", true)]
    [InlineData("NOREPLICAS Not enough good replicas to write.", true)]
    [InlineData("UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)", true)]
    [InlineData("WRONGTYPE Operation against a key holding the wrong kind of value", false)]
    [InlineData("OOM command not allowed when used memory > 'maxmemory'.", false)]
    [InlineData("ERR READONLY is not a command", false)]
    public void Errors_that_say_nothing_of_the_role_of_a_server_are_no_reason_to_look(string error, bool isReason) => Assert.Equal(isReason, RecheckTrigger.IsOfTheNode(error));

    private RecheckTrigger NewTrigger() => new(() => Interlocked.Increment(ref _looks), _time);

    /// <summary>Events come on a thread of their own, and one of before may still come.</summary>
    private async Task AssertSeenAsync(Func<Task> fails)
    {
        _time.Advance(RecheckTrigger.Rest);
        _time.Advance(RecheckTrigger.Rest);
        int before = Volatile.Read(ref _looks);
        await Multiplexed.Failed(fails);
        await Multiplexed.EventuallyAsync(() => Task.FromResult(Volatile.Read(ref _looks) > before));
    }
}
