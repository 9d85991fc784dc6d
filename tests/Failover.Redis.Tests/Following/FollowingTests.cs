using Failover.Redis.Tests.Sentinel;
using Failover.TestServers;
using Failover.TestServers.Sentinel;
using Failover.TestServers.Writes;
using Failover.TestServers.Writes.Redis;
using Xunit.Abstractions;

namespace Failover.Redis.Tests.Following;

/// <summary>One multiplexer through each failover of a real set, under a write each 10 ms.</summary>
[Collection(OnSentinels.Name)]
public class FollowingTests(SharedSentinels shared, ITestOutputHelper output)
{
    [ServerTheory("redis-server")]
    [InlineData(RedisPromotion.Majority)]
    [InlineData(RedisPromotion.Fast)]
    public async Task No_write_is_lost_and_none_fails_in_a_planned_failover(RedisPromotion promotion)
    {
        SentinelSet set = await shared.HealthyAsync();
        await using WritingApp app = await WritingApp.StartAsync(set, builder => builder.Options.Promotion = promotion);
        RedisNode next = await set.SwitchAsync();
        await app.WriteAsync(200);

        AuditedWrites audited = await app.AuditAsync();
        output.WriteLine($"{audited.Report}");
        Assert.EndsWith($":{next.Port}/", app.Redis.Group.Snapshot.Active?.Address.AbsoluteUri ?? "", StringComparison.Ordinal);
        Assert.True(audited.Report is { Lost: [], Stale: [], AsyncLost: [], Doubled: [], FailedButWritten: [] }, audited.Report.ToString());
        Assert.All(app.Attempts, static attempt => Assert.Equal(RowOutcome.Acknowledged, attempt.Outcome));
    }
}
