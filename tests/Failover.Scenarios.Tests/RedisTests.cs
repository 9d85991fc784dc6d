using System.Diagnostics;
using System.Text.Json;
using Failover.Scenarios.Redis;
using Failover.Scenarios.Redis.Clients;
using Failover.Scenarios.Redis.Faults;
using Failover.Scenarios.Redis.Steady;
using Failover.TestServers;
using Failover.TestServers.Sentinel;
using Failover.TestServers.Writes;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace Failover.Scenarios.Tests;

/// <summary>That the Redis scenario still runs, on a real set. Times are not judged here, where other tests share the processors.</summary>
public sealed class RedisTests
{
    [ServerFact("redis-server")]
    public async Task In_a_planned_failover_ours_lose_nothing_and_fail_nothing_and_the_peers_write_to_the_old_master()
    {
        await using RedisStage stage = await RedisStage.StartAsync();

        IReadOnlyList<RedisRow> rows = await new PlannedFailover().RunAsync(stage, RedisClientKind.All, number: 1, isShort: true);

        Assert.Equal(["ours", "ours-fast", "sentinel", "list"], rows.Select(row => row.Client));
        Assert.All(rows, row => Assert.True(row is { Acked: > 100, SwitchMs: > 0 }, $"{row}"));
        Assert.All(rows.Take(2), row => Assert.True(row is { Lost: 0, AsyncLost: 0, Unknown: 0, Failed: 0, FollowMs: not null, Details.Switchovers: 1 }, $"{row}"));
        Assert.All(rows.Skip(2), row => Assert.True(row is { Stale: > 0, Details.Switchovers: null }, $"{row}"));
        Assert.All(new PlannedFailover().Bars(rows).Where(bar => !bar.NeedsFullRun), bar => Assert.True(bar.IsKept, bar.Text));
    }

    [ServerFact("redis-server")]
    public async Task In_the_steady_state_each_client_does_each_kind_of_work()
    {
        IReadOnlyList<SteadyRow> rows = await SteadyScenario.MeasureAsync(rounds: 1);

        Assert.Equal(
            from work in new[] { "pipelined SET", "pipelined GET", "sequential SET", "sequential GET" } from client in new[] { "plain", "plain-again", "ours" } select $"{work} {client}",
            rows.Select(row => $"{row.Work} {row.Command} {row.Client}"));
        Assert.All(rows, row => Assert.True(row is { PerSecond: > 0, P50Us: > 0, BytesPerCommand: > 0 }, $"{row}"));
        Assert.All(rows.Where(row => row.Client == "plain"), row => Assert.Equal((1.0, 1.0, 0.0), (row.Throughput, row.Latency, row.MoreBytes)));
        Assert.Equal(12, SteadyScenario.Bars(rows).Count());
    }

    [Fact]
    public void The_rows_have_the_names_that_were_agreed()
    {
        string json = JsonSerializer.Serialize([Row("ours")], RedisRowJson.Default.IReadOnlyListRedisRow);

        string[] names = [.. JsonDocument.Parse(json).RootElement.EnumerateArray().Single().EnumerateObject().Select(p => p.Name)];
        Assert.Equal(
            ["scenario", "fault", "client", "run", "acked", "lost", "asyncLost", "unknown", "failed", "gapMs", "followMs", "stale", "keptGapMs", "oracleFollowMs", "switchMs", "acceptMs"],
            names);
    }

    [Fact]
    public void What_ours_miss_is_told_and_what_peers_do_is_not()
    {
        RedisRow bad = Row("ours") with { Lost = 2, Stale = 1, AsyncLost = 3, Failed = 4, Unknown = 5, GapMs = 1201 };

        Assert.Empty(new PlannedFailover().Bars([bad with { Client = "sentinel" }]));
        Assert.All(new PlannedFailover().Bars([Row("ours"), Row("ours-fast") with { GapMs = 250 }]), bar => Assert.True(bar.IsKept, bar.Text));
        Assert.Equal(
            [
                "ours: 0 lost (was 2, of them 1 that went to an old master; 3 by replication)",
                "ours: 0 lost by replication either: nobody was in a hurry (was 3)",
                "ours: 0 errors (was 4 failed, 5 unknown)",
                "ours: the longest gap ≤ 1.2 times what passed from +try-failover to +switch-master (most; was 1.20, 1,201 ms)",
            ],
            Missed(new PlannedFailover(), Row("ours"), bad));
        Assert.Equal(["ours-fast: the longest gap ≤ 250 ms (most; was 251 ms, and 61 ms more than the sentinels took)"], Missed(new PlannedFailover(), Row("ours-fast") with { GapMs = 251 }));
    }

    [Fact]
    public void After_a_freeze_60_writes_may_fail_and_after_a_kill_the_first_must_come_within_100_ms()
    {
        Assert.Empty(Missed(new FrozenMaster(), Row("ours") with { Failed = 20, Unknown = 40 }));
        Assert.Single(Missed(new FrozenMaster(), Row("ours"), Row("ours") with { Failed = 21, Unknown = 40 }));
        Assert.Empty(Missed(new KilledMaster(), Row("ours") with { FollowMs = 100 }));
        Assert.Single(Missed(new KilledMaster(), Row("ours"), Row("ours") with { FollowMs = 101 }));
        Assert.Single(Missed(new KilledMaster(), Row("ours") with { FollowMs = null }));
    }

    [Fact]
    public void The_fast_one_is_not_held_to_what_its_docs_warn_of()
    {
        Assert.Single(Missed(new KilledLeader(), Row("ours") with { Lost = 1 }));
        Assert.Empty(Missed(new KilledLeader(), Row("ours-fast") with { Lost = 1 }));
    }

    [Fact]
    public void Where_nothing_may_move_a_switchover_a_failed_write_and_a_health_that_says_nothing_are_told()
    {
        RunDetails well = new() { Switchovers = 0, HealthBefore = HealthStatus.Healthy, HealthWorst = HealthStatus.Healthy, HealthAfter = HealthStatus.Healthy, HealthLooks = 60, HealthWords = "", HogCores = 4096 };
        RunDetails degraded = well with { HealthWorst = HealthStatus.Degraded, HealthAfter = HealthStatus.Degraded, HealthWords = "1 of 3 sentinels answer" };

        Assert.Empty(Missed(new TwoSentinelsDown(), Row("ours") with { Details = degraded }));
        Assert.Equal(3, Missed(new TwoSentinelsDown(), Row("ours") with { Failed = 1, Details = degraded with { Switchovers = 1, HealthAfter = HealthStatus.Healthy } }).Count);
        Assert.Single(Missed(new TwoSentinelsDown(), Row("ours") with { Details = degraded }, Row("ours") with { Details = degraded with { HealthWorst = HealthStatus.Unhealthy } }));
        Assert.Single(Missed(new TwoSentinelsDown(), Row("ours") with { Details = degraded with { HealthBefore = HealthStatus.Degraded } }));
        Assert.Single(Missed(new TwoSentinelsDown(), Row("ours") with { Details = degraded with { HealthWords = "it is late" } }));
        Assert.Empty(Missed(new BusyMachine(), Row("ours") with { Details = well }));
        Assert.Equal(4, Missed(new BusyMachine(), Row("ours") with { Unknown = 1, Details = well with { Switchovers = 1, HealthAfter = HealthStatus.Unhealthy, HogCores = 0 } }).Count);
        Assert.Single(Missed(new BusyMachine(), Row("ours") with { Details = well with { HealthWorst = HealthStatus.Degraded } }));
        Assert.Single(Missed(new BusyMachine(), Row("ours") with { Details = well with { HealthLooks = 0 } }));
    }

    [Fact]
    public void A_write_that_never_left_the_backlog_has_failed_and_one_that_was_sent_is_unknown()
    {
        Assert.Equal(RowOutcome.Failed, RedisClient.OutcomeOf(new RedisTimeoutException(CommandFlags.None, "late", CommandStatus.WaitingInBacklog)));
        Assert.Equal(RowOutcome.Unknown, RedisClient.OutcomeOf(new RedisTimeoutException(CommandFlags.None, "late", CommandStatus.Sent)));
    }

    [Fact]
    public void The_gap_is_the_longest_time_between_two_acknowledged_writes_of_which_the_later_came_after_the_fault()
    {
        RowAttempt[] attempts = [Acknowledged(100), Acknowledged(5_000), Acknowledged(5_100), Failed(5_500), Acknowledged(6_000), Failed(6_700)];

        Assert.Equal(900, GapMs(attempts, fault: 5_050));
        Assert.Equal(4_900, GapMs(attempts, fault: 4_000));
        Assert.Equal(1_700, GapMs([.. attempts.Take(2), .. attempts.TakeLast(1)], fault: 5_050));
    }

    [Fact]
    public void One_of_three_sentinels_is_not_most_of_them_and_what_was_said_before_is_of_another_time()
    {
        SentinelEvent[] said = [Event("+try-failover", 5), Event("+switch-master", 9), Event("+try-failover", 15), Event("+switch-master", 19), Event("+switch-master", 20)];

        Assert.Equal(new(15, null), Announcements.Of(said, sentinels: 3, since: 10));
        Assert.Equal(new(15, 19), Announcements.Of(said, sentinels: 1, since: 10));
        Assert.Equal(new(null, null), Announcements.Of(said, sentinels: 3, since: 21));
    }

    [Theory]
    [InlineData("--fault", "earthquake")]
    [InlineData("--client", "jedis")]
    [InlineData("--runs", "0")]
    [InlineData("--runs", null)]
    [InlineData("--loud", null)]
    public void What_is_not_known_is_refused(string option, string? value)
    {
        Assert.Throws<ArgumentException>(() => RedisOptions.Parse(value is null ? [option] : [option, value]));
        Assert.Throws<ArgumentException>(() => SteadyOptions.Parse(value is null ? [option] : [option, value]));
    }

    [Fact]
    public void Each_fault_happens_five_times_with_all_clients_unless_told_otherwise()
    {
        RedisOptions all = RedisOptions.Parse([]);
        RedisOptions some = RedisOptions.Parse(["--fault", "freeze,hog", "--client", "ours", "--runs", "3"]);

        Assert.Equal(
            ["planned 5", "freeze 5", "kill 5", "leader-killed 5", "two-sentinels-down 5", "hog 1"],
            all.Faults.Select(fault => $"{fault.Name} {fault.Runs(all.Runs)}"));
        Assert.Equal(["ours", "ours-fast", "sentinel", "list"], all.Clients.Select(client => client.Name));
        Assert.Equal(["freeze 3", "hog 1"], some.Faults.Select(fault => $"{fault.Name} {fault.Runs(some.Runs)}"));
        Assert.Equal(1, RedisOptions.Parse(["--short"]).Runs);
    }

    private static List<string> Missed(SentinelFault fault, params RedisRow[] rows) => [.. fault.Bars(rows).Where(bar => !bar.IsKept).Select(bar => bar.Text)];

    private static double GapMs(IReadOnlyList<RowAttempt> attempts, int fault) => WriteTimes.Of(attempts, [], At(fault)).Gap.TotalMilliseconds;

    private static long At(int milliseconds) => milliseconds * Stopwatch.Frequency / 1000;

    private static RowAttempt Acknowledged(int ended) => new(1, At(ended), At(ended), RowOutcome.Acknowledged, null, null);

    private static RowAttempt Failed(int ended) => new(1, At(ended), At(ended), RowOutcome.Failed, null, "E");

    private static SentinelEvent Event(string channel, long at) => new(null!, channel, "", at);

    private static RedisRow Row(string client) => new()
    {
        Fault = "planned",
        Client = client,
        Run = 1,
        Acked = 100,
        Lost = 0,
        AsyncLost = 0,
        Unknown = 0,
        Failed = 0,
        GapMs = 200,
        FollowMs = 1,
        Stale = 0,
        KeptGapMs = 200,
        OracleFollowMs = 1,
        SwitchMs = 1000,
        AcceptMs = 190,
    };
}
