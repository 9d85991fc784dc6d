using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Primitives;

namespace Failover.HealthChecks.Tests.Evaluation;

/// <summary>What is known when time goes on and nothing is heard.</summary>
public class StalenessTests
{
    [Fact]
    public async Task When_no_timer_fires_any_more_a_reader_sees_it_all_the_same()
    {
        FakeCheck database = new();
        FakeCheck report = new();
        await using Node node = Node.With(
            checks => checks.AddCheck("db", database).AddCheck("report", report, HealthStatus.Degraded), ("Checks:report:Period", "01:00:00"));
        await node.UntilAsync(() => node.Health.Verdicts.Operational);
        IChangeToken changed = node.Health.GetChangeToken();
        node.Time.HoldTimers();

        node.Time.Advance(TimeSpan.FromSeconds(29));
        Assert.True(node.Health.Verdicts is { Operational: true, Alive: true });

        node.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal((false, false, false), Verdicts(node));
        Assert.Equal("checks do not come to run", node.Health.Verdicts.Reason);

        node.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("checks do not come to run, db stale", node.Health.Verdicts.Reason);
        Assert.True(node.Check("db") is { IsStale: true, Status: HealthStatus.Healthy, StatusName: "stale" });
        Assert.Equal((HealthStatus.Unhealthy, HealthStatus.Healthy), (node.Health.Snapshot.ToReport().Entries["db"].Status, node.Health.Snapshot.ToReport().Entries["report"].Status));
        await Node.Eventually(() => changed.HasChanged);

        node.Time.LetTimersGo();
        await node.UntilAsync(() => node.Health.Verdicts.Operational, atMost: TimeSpan.FromSeconds(2));
        await Node.Eventually(() => node.Logged("EvaluationPaused").Length == 1);
        Assert.True(node.Health.Verdicts.Alive);
    }

    [Fact]
    public async Task A_machine_that_slept_knows_nothing_until_it_has_asked_again()
    {
        FakeCheck check = new();
        await using Node node = Node.With(checks => checks.AddCheck("db", check));
        await node.UntilAsync(() => node.Health.Verdicts.Operational);
        check.Hangs = new();

        node.Time.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal((false, false, true), Verdicts(node));
        Assert.Equal("db stale", node.Health.Verdicts.Reason);
        await Node.Eventually(() => check.IsHanging);
        check.Hangs.SetResult();
        await Node.Eventually(() => node.Health.Verdicts.Operational);
        Assert.Equal(2, check.Runs);
    }

    [Fact]
    public async Task A_node_without_checks_is_alive_again_after_a_sleep()
    {
        await using Node node = Node.With(_ => { });
        Assert.Equal((true, true, true), Verdicts(node));

        node.Time.HoldTimers();
        node.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal((false, false, false), Verdicts(node));
        node.Time.LetTimersGo();

        Assert.Equal((true, true, true), Verdicts(node));
    }

    [Fact]
    public async Task It_is_told_to_who_waits_though_nobody_reads()
    {
        FakeCheck check = new();
        await using Node node = Node.With(checks => checks.AddCheck("db", check));
        await node.UntilAsync(() => node.Health.Verdicts.Operational);
        int told = 0;
        using IDisposable following = ChangeToken.OnChange(node.Health.GetChangeToken, () => Interlocked.Increment(ref told));

        check.Hangs = new();
        node.Time.HoldTimers();
        node.Time.Advance(TimeSpan.FromSeconds(50));
        node.Time.LetTimersGo();

        await Node.Eventually(() => told == 1 && check.IsHanging);
        Assert.Equal("db stale", node.Health.Verdicts.Reason);
    }

    [Fact]
    public async Task A_jump_of_the_wall_clock_changes_nothing()
    {
        FakeCheck check = new();
        await using Node node = Node.With(checks => checks.AddCheck("db", check));
        await node.UntilAsync(() => node.Health.Verdicts.Operational);
        long number = node.Health.Snapshot.Number;
        int runs = check.Runs;

        foreach (int days in new[] { 400, -400 })
        {
            node.Time.WallClock = TimeSpan.FromDays(days);
            Assert.Equal(number, node.Health.Snapshot.Number);
            Assert.True(node.Health.Verdicts.Operational);
        }

        await node.PassAsync(TimeSpan.FromSeconds(12));

        Assert.Equal(runs + 1, check.Runs);
        Assert.True(node.Health.Verdicts.Operational);
        Assert.Empty(node.Logged("EvaluationPaused"));
    }

    [Fact]
    public async Task A_snapshot_that_is_fresh_is_read_without_making_another()
    {
        await using Node node = Node.With(checks => checks.AddCheck("db", new FakeCheck()));
        await node.UntilAsync(() => node.Health.Verdicts.Operational);

        Assert.Same(node.Health.Snapshot, node.Health.Snapshot);
        long before = GC.GetAllocatedBytesForCurrentThread();
        int operational = 0;
        for (int i = 0; i < 1_000; i++)
        {
            operational += node.Health.Snapshot.Verdicts.Operational ? 1 : 0;
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(1_000, operational);
    }

    private static (bool Operational, bool CanServe, bool Alive) Verdicts(Node node) => node.Health.Verdicts is var verdicts ? (verdicts.Operational, verdicts.CanServe, verdicts.Alive) : default;
}
