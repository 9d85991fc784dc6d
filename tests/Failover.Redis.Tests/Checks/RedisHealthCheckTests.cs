using Failover.Redis.Checks;
using Failover.Redis.Sentinel;
using Failover.Redis.Tests.Execution;
using Failover.Redis.Tests.Sentinel;
using Failover.TestServers;
using Failover.TestServers.Sentinel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Failover.Redis.Tests.Checks;

/// <summary>What the check of a group says, of real sets and of what is hard to bring about.</summary>
[Collection(OnOtherSentinels.Name)]
public sealed class RedisHealthCheckTests(SharedSentinels shared)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [ServerFact("redis-server")]
    public async Task A_set_that_is_well_passes_and_tells_who_is_what()
    {
        SentinelSet set = await shared.HealthyAsync();
        RedisNode master = await set.WaitForMasterAsync();
        await master.AskAsync("CONFIG", "SET", "min-replicas-to-write", "1");
        try
        {
            using IHost host = await StartedAsync(set);

            HealthReportEntry entry = await EntryAsync(host);

            Assert.True(entry.Status == HealthStatus.Healthy, entry.Description);
            Assert.Equal($"127.0.0.1:{master.Port}", entry.Data["active"]);
            Assert.Equal(3, entry.Data["sentinelsHeard"]);
            Assert.Equal(1, entry.Data["minReplicasToWrite"]);
            Assert.Equal(set.Options.DownAfter, entry.Data["downAfter"]);
            Assert.Equal(2, entry.Data.Count(static one => one.Key.StartsWith("lag.", StringComparison.Ordinal)));
            Assert.Equal("0", await master.AskAsync("EVAL", "return tostring(#redis.call('keys', 'failover:health*'))", "0"));
            await host.StopAsync().WaitAsync(Limit);
        }
        finally
        {
            await master.AskAsync("CONFIG", "SET", "min-replicas-to-write", "0");
        }
    }

    [ServerFact("redis-server")]
    public async Task A_master_without_a_fence_and_sentinels_that_are_away_make_it_degraded_and_a_master_that_refuses_writes_fails()
    {
        SentinelSet set = await shared.HealthyAsync();
        RedisNode master = await set.WaitForMasterAsync();
        using IHost host = await StartedAsync(set);

        HealthReportEntry unfenced = await EntryAsync(host);
        Assert.Equal(HealthStatus.Degraded, unfenced.Status);
        Assert.Contains("min-replicas-to-write 0", unfenced.Description, StringComparison.Ordinal);

        await master.AskAsync("CONFIG", "SET", "min-replicas-to-write", "9");
        HealthReportEntry refusing = await EntryAsync(host);
        await master.AskAsync("CONFIG", "SET", "min-replicas-to-write", "0");
        Assert.Equal(HealthStatus.Unhealthy, refusing.Status);
        Assert.Contains("refuses a write: NOREPLICAS", refusing.Description, StringComparison.Ordinal);

        await Task.WhenAll(set.Sentinels.Take(2).Select(static sentinel => sentinel.KillAsync()));
        HealthReportEntry alone = await Waiting.ForAsync(
            async () => await EntryAsync(host) is var entry && entry.Description?.Contains("nobody would take over", StringComparison.Ordinal) == true ? new Box(entry) : null,
            TimeSpan.FromMilliseconds(100), Limit, static () => "the sentinels to be missed") is { Entry: var found } ? found : default;
        Assert.Equal(HealthStatus.Degraded, alone.Status);
        await host.StopAsync().WaitAsync(Limit);
    }

    [Theory]
    [InlineData(95, 100, false, 1, HealthStatus.Degraded)]
    [InlineData(95, 100, true, 1, HealthStatus.Healthy)]
    [InlineData(95, 0, false, 1, HealthStatus.Healthy)]
    [InlineData(80, 100, false, 1, HealthStatus.Healthy)]
    [InlineData(80, 100, false, 0, HealthStatus.Degraded)]
    public void A_master_near_its_memory_or_without_a_fence_is_degraded(long used, long limit, bool evicts, int fence, HealthStatus status) =>
        Assert.Equal(status, RedisCheckRules.OfMaster(new MasterState(used, limit, evicts, fence), new RedisCheckOptions()).Status);

    [Theory]
    [InlineData(3, 3, 5, HealthStatus.Healthy)]
    [InlineData(2, 3, 5, HealthStatus.Healthy)]
    [InlineData(1, 3, 5, HealthStatus.Degraded)]
    [InlineData(3, 3, 30, HealthStatus.Degraded)]
    public void Sentinels_that_are_few_or_too_patient_are_degraded(int heard, int known, int downAfter, HealthStatus status) =>
        Assert.Equal(status, RedisCheckRules.OfSentinels(new MasterView { Heard = heard, Known = known, DownAfter = TimeSpan.FromSeconds(downAfter) }, new RedisCheckOptions()).Status);

    [Fact]
    public async Task A_group_that_has_commands_wait_is_degraded_for_a_while_and_then_fails()
    {
        await using Executing executing = await new Executing().SettledAsync();
        Assert.Equal(HealthStatus.Healthy, RedisCheckRules.OfGroup(executing.Group.Snapshot, TimeSpan.Zero, new()).Status);

        executing.Group.Hint(new Hint(HintKind.Hold, "test") { HoldFor = Limit });
        await executing.WaitAsync(GroupCondition.Switching);
        Assert.Equal(HealthStatus.Degraded, RedisCheckRules.OfGroup(executing.Group.Snapshot, TimeSpan.FromSeconds(30), new()).Status);
        Assert.Equal(HealthStatus.Unhealthy, RedisCheckRules.OfGroup(executing.Group.Snapshot, TimeSpan.FromSeconds(31), new()).Status);
    }

    private static async Task<IHost> StartedAsync(SentinelSet set)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Services.AddFailover().AddRedis("cache", set.ConnectionString);
        builder.Services.AddHealthChecks().AddRedis("cache");
        IHost host = builder.Build();
        await host.StartAsync().WaitAsync(Limit);
        FailoverGroup group = host.Services.GetRequiredKeyedService<FailoverGroup>("cache");
        await Waiting.ForAsync(
            () => Task.FromResult(group.Snapshot is { Condition: GroupCondition.Settled, Readable.Length: 2 } ? group : null),
            TimeSpan.FromMilliseconds(10), Limit, () => $"a settled group: {group.Snapshot.Condition}");
        return host;
    }

    private static async Task<HealthReportEntry> EntryAsync(IHost host) =>
        (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync().WaitAsync(Limit)).Entries["cache"];

    private sealed record Box(HealthReportEntry Entry);
}
