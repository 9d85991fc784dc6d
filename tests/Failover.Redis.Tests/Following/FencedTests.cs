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

    [ServerFact("redis-server")]
    public async Task A_switch_that_the_sentinels_refuse_holds_nobody_and_leaves_the_master_as_it_is()
    {
        SentinelSet set = await shared.HealthyAsync();
        await using WritingApp app = await WritingApp.StartAsync(set);
        RedisNode first = await set.WaitForMasterAsync();
        FailoverMember there = app.Redis.Group.Snapshot.Members.First(static member => member.Role == MemberRole.Replica).Member;

        // The next one is asked for before the sentinels have forgotten the last: they refuse a failover that soon.
        await set.SwitchAsync();
        await Waiting.ForAsync(() => Task.FromResult(app.Redis.Group.Snapshot is { Condition: GroupCondition.Settled, Active: { } active } && active.Address.Port != first.Port ? app : null), TimeSpan.FromMilliseconds(5), Limit, () => $"{app.Redis.Group.Snapshot.Condition}");
        FailoverMember target = app.Redis.Group.Snapshot.Members.First(member => member.Role == MemberRole.Replica && !member.Member.Equals(there)).Member;
        Switchover made = await app.Redis.Group.SwitchToAsync(target, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60));
        output.WriteLine($"{made.Outcome}: {made.Evidence}");
        await app.WriteAsync(100);

        AuditedWrites audited = await app.AuditAsync();
        Assert.True(audited.Report is { Failed: 0, Unknown: 0, Lost: [], Stale: [], AsyncLost: [] }, audited.Report.ToString());
        Assert.False(app.Redis.Group.Snapshot.IsHeld);
        RedisNode master = await set.WaitForMasterAsync();
        Assert.Equal("OK", await master.AskAsync("SET", "afterwards", "1"));
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
