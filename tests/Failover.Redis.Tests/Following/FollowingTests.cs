using Failover.TestServers;
using Failover.TestServers.Sentinel;
using Failover.TestServers.Writes;
using Failover.TestServers.Writes.Redis;
using Xunit.Abstractions;

namespace Failover.Redis.Tests.Following;

/// <summary>One multiplexer through each failover of a real set, under a write each 10 ms.</summary>
[Collection(OnFollowedSentinels.Name)]
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

    [ServerFact("redis-server")]
    public async Task What_a_killed_master_had_acknowledged_and_its_replica_received_is_there_and_writes_go_on()
    {
        SentinelSet set = await shared.HealthyAsync();
        await using WritingApp app = await WritingApp.StartAsync(set);
        RedisNode old = await set.WaitForMasterAsync();
        await old.KillAsync();
        await set.WaitForMasterAsync(otherThan: old);
        await app.WriteAsync(100);

        AuditedWrites audited = await app.AuditAsync();
        output.WriteLine($"{audited.Report}");
        Assert.True(audited.Report is { Lost: [], Stale: [], Doubled: [], FailedButWritten: [] }, audited.Report.ToString());
    }

    [ServerFact("redis-server")]
    public async Task Nothing_is_written_to_a_frozen_master_that_wakes_up()
    {
        SentinelSet set = await shared.HealthyAsync();
        await using WritingApp app = await WritingApp.StartAsync(set);
        RedisNode old = await set.WaitForMasterAsync();
        old.Freeze();
        await set.WaitForMasterAsync(otherThan: old);
        await app.WriteAsync(100);
        old.Thaw();
        await old.WaitAsync(static state => !state.IsMaster, TimeSpan.FromSeconds(60));
        await app.WriteAsync(100);

        AuditedWrites audited = await app.AuditAsync();
        output.WriteLine($"{audited.Report}");
        Assert.True(audited.Report is { Lost: [], Stale: [], AsyncLost: [], Doubled: [], FailedButWritten: [] }, audited.Report.ToString());
    }

    [ServerFact("redis-server")]
    public async Task Nothing_is_lost_when_the_sentinel_that_leads_dies_before_the_others_know_of_the_promotion()
    {
        SentinelSet set = await shared.HealthyAsync();
        await using WritingApp app = await WritingApp.StartAsync(set);
        (RedisNode promoted, _) = await set.KillLeaderAfterPromotionAsync();
        await promoted.WaitAsync(static state => !state.IsMaster, TimeSpan.FromSeconds(60));
        await app.WriteAsync(100);

        AuditedWrites audited = await app.AuditAsync();
        output.WriteLine($"{audited.Report}");
        Assert.True(audited.Report is { Lost: [], Stale: [], AsyncLost: [], Doubled: [], FailedButWritten: [] }, audited.Report.ToString());
    }

    [ServerFact("redis-server")]
    public async Task Nothing_moves_while_most_sentinels_are_down_and_the_master_works()
    {
        SentinelSet set = await shared.HealthyAsync();
        await using WritingApp app = await WritingApp.StartAsync(set);
        RedisNode master = await set.WaitForMasterAsync();
        FailoverMember? before = app.Redis.Group.Snapshot.Active;
        int switchovers = 0;
        using CancellationTokenSource stop = new();
        Task reading = Task.Run(async () =>
        {
            await foreach (Switchover _ in app.Redis.Group.ReadSwitchoversAsync(stop.Token))
            {
                switchovers++;
            }
        });
        await Task.WhenAll(set.Sentinels.Take(2).Select(static sentinel => sentinel.KillAsync()));
        await app.WriteAsync(300);

        AuditedWrites audited = await app.AuditAsync(master);
        await stop.CancelAsync();
        await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Assert.Equal(0, switchovers);
        Assert.Equal(before, app.Redis.Group.Snapshot.Active);
        Assert.All(app.Attempts, static attempt => Assert.Equal(RowOutcome.Acknowledged, attempt.Outcome));
        Assert.True(audited.Report is { Lost: [], Stale: [], AsyncLost: [] }, audited.Report.ToString());
    }

    [ServerFact("redis-server")]
    public async Task Two_planned_failovers_in_a_row_lose_nothing()
    {
        SentinelSet set = await shared.HealthyAsync();
        await using WritingApp app = await WritingApp.StartAsync(set);
        await set.SwitchAsync();
        await set.SwitchAsync();
        await app.WriteAsync(100);

        AuditedWrites audited = await app.AuditAsync();
        output.WriteLine($"{audited.Report}");
        Assert.True(audited.Report is { Lost: [], Stale: [], AsyncLost: [], Doubled: [], FailedButWritten: [] }, audited.Report.ToString());
        Assert.All(app.Attempts, static attempt => Assert.Equal(RowOutcome.Acknowledged, attempt.Outcome));
    }

    [ServerFact("redis-server")]
    public async Task The_app_itself_can_have_a_replica_become_the_master_without_a_loss()
    {
        SentinelSet set = await shared.HealthyAsync();
        await using WritingApp app = await WritingApp.StartAsync(set);
        RedisNode old = await set.WaitForMasterAsync();
        FailoverMember target = app.Redis.Group.Snapshot.Members.Last(static member => member.Role == MemberRole.Replica).Member;
        Switchover made = await app.Redis.Group.SwitchToAsync(target, CancellationToken.None);
        await app.WriteAsync(100);

        AuditedWrites audited = await app.AuditAsync();
        output.WriteLine($"{audited.Report}; {made}");
        Assert.Equal(target, made.To);
        Assert.Equal(SwitchoverCause.Manual, made.Cause);
        Assert.False((await old.StateAsync())!.IsMaster);
        foreach (RedisNode node in set.Nodes)
        {
            Assert.Equal("100", (await node.AskAsync("CONFIG", "GET", "replica-priority") as object?[])![1]);
        }

        Assert.Equal(target, app.Redis.Group.Snapshot.Active);
        Assert.True(audited.Report is { Lost: [], Stale: [], AsyncLost: [], Doubled: [], FailedButWritten: [] }, audited.Report.ToString());
        Assert.All(app.Attempts, static attempt => Assert.Equal(RowOutcome.Acknowledged, attempt.Outcome));
    }
}
