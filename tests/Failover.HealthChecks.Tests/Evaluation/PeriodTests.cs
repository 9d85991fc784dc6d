using Failover.HealthChecks.Evaluation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.HealthChecks.Tests.Evaluation;

public class PeriodTests
{
    /// <summary>Time is moved in steps: so much later may a run begin.</summary>
    private const double Step = 0.1;

    [Fact]
    public async Task A_check_that_passes_is_run_each_period_and_not_in_step()
    {
        FakeCheck check = new();
        await using Node node = Node.With(checks => checks.AddCheck("db", check));
        List<double> starts = Starts(node, check);

        await node.UntilAsync(() => starts.Count == 9);

        double[] gaps = Gaps(starts);
        Assert.All(gaps, gap => Assert.InRange(gap, 9, 11 + Step));
        Assert.True(gaps.Distinct().Count() > 2, string.Join(", ", gaps));
    }

    [Fact]
    public async Task A_check_that_fails_or_is_about_to_change_is_run_more_often()
    {
        FakeCheck check = new();
        await using Node node = Node.With(checks => checks.AddCheck("db", check), ("Fall", "3"), ("Rise", "3"));
        List<double> starts = Starts(node, check);
        await node.UntilAsync(() => node.Health.Verdicts.Operational);

        check.Result = HealthCheckResult.Unhealthy();
        await node.UntilAsync(() => starts.Count == 7);
        check.Result = HealthCheckResult.Healthy();
        await node.UntilAsync(() => starts.Count == 11);

        double[] gaps = Gaps(starts);
        Assert.InRange(gaps[0], 9, 11 + Step);                                             // was well
        Assert.All(gaps[1..9], gap => Assert.InRange(gap, 1.8, 2.2 + Step));               // fails; passes, but not often enough
        Assert.InRange(gaps[9], 9, 11 + Step);                                             // is well again
    }

    [Theory]
    [InlineData(false, 13.2)]
    [InlineData(true, 17.2)]
    public async Task A_failure_counts_within_the_time_that_the_page_says(bool hangs, double seconds)
    {
        for (int i = 0; i < 5; i++)
        {
            FakeCheck check = new() { HeedsToken = true };
            await using Node node = Node.With(checks => checks.AddCheck("db", check));
            await node.UntilAsync(() => node.Health.Verdicts.Operational);
            double since = node.Monitor.Elapsed.TotalSeconds;

            check.Hangs = hangs ? new() : null;
            check.Throws = new IOException();
            await node.UntilAsync(() => node.Check("db").Status == HealthStatus.Unhealthy);

            // Two runs, each up to a step too late; so is the end of one that hangs.
            Assert.InRange(node.Monitor.Elapsed.TotalSeconds - since, 0, seconds + (4 * Step));
        }
    }

    [Fact]
    public async Task Each_of_a_hundred_checks_keeps_its_period_and_runs_once_at_a_time()
    {
        FakeCheck[] fakes = [.. Enumerable.Range(0, 100).Select(_ => new FakeCheck())];
        await using Node node = Node.With(checks =>
        {
            for (int i = 0; i < fakes.Length; i++)
            {
                checks.AddCheck($"c{i}", fakes[i]);
            }
        });
        await node.UntilAsync(() => node.Health.Verdicts.Operational);

        await node.PassAsync(TimeSpan.FromSeconds(50));

        Assert.All(fakes, fake => Assert.InRange(fake.Runs, 5, 6));
        Assert.All(fakes, fake => Assert.Equal(1, fake.MostAtOnce));
    }

    [Fact]
    public async Task Checks_have_the_periods_of_their_registrations_and_settings()
    {
        FakeCheck registered = new();
        FakeCheck set = new();
        await using Node node = Node.With(
            checks => checks
                .Add(new("registered", registered, null, [], null) { Period = TimeSpan.FromSeconds(3), Delay = TimeSpan.FromMinutes(5) })
                .Add(new("set", set, null, [], null) { Period = TimeSpan.FromSeconds(3) }),
            ("Checks:set:Period", "00:00:20"));
        List<double> registeredAt = Starts(node, registered);
        List<double> setAt = Starts(node, set);

        await node.UntilAsync(() => setAt.Count == 3);

        Assert.All(Gaps(registeredAt), gap => Assert.InRange(gap, 2.7, 3.3 + Step));
        Assert.All(Gaps(setAt), gap => Assert.InRange(gap, 18, 22 + Step));
        Assert.InRange(registeredAt[0], 0, 2 * Step);
    }

    [Fact]
    public async Task A_shorter_period_counts_at_once_and_a_longer_one_from_the_next_outcome()
    {
        FakeCheck check = new();
        await using Node node = Node.With(checks => checks.AddCheck("db", check), ("Period", "01:00:00"));
        List<double> starts = Starts(node, check);
        await node.UntilAsync(() => node.Health.Verdicts.Operational);
        for (int i = 0; i < 90; i++)
        {
            await node.StepAsync(TimeSpan.FromSeconds(20));
        }

        Assert.Single(starts);
        double changed = node.Monitor.Elapsed.TotalSeconds;
        node.Save(("Period", "00:00:05"));

        // Half an hour is more than three times 5 s: that it was not asked for so long is not its fault.
        Assert.True(node.Health.Verdicts.Operational, node.Health.Verdicts.Reason);
        await node.UntilAsync(() => starts.Count == 2);
        Assert.InRange(starts[1] - changed, 0, 5.5 + Step);

        node.Save(("Period", "00:02:00"));
        await node.UntilAsync(() => starts.Count == 4);
        Assert.InRange(starts[2] - starts[1], 4.5, 5.5 + Step);
        Assert.InRange(starts[3] - starts[2], 108, 132 + Step);
        Assert.True(node.Health.Verdicts.Operational, node.Health.Verdicts.Reason);
    }

    [Fact]
    public async Task A_change_of_settings_does_not_take_a_run_within_its_time_for_stuck()
    {
        FakeCheck check = new();
        await using Node node = Node.With(checks => checks.AddCheck("db", check), ("Timeout", "00:05:00"));
        await node.UntilAsync(() => node.Health.Verdicts.Operational);
        check.Hangs = new();
        await node.UntilAsync(() => check.IsHanging);

        node.Save(("Timeout", "00:00:01"), ("Period", "00:00:01"), ("FailurePeriod", "00:00:01"), ("Fall", "1"));
        await node.PassAsync(TimeSpan.FromSeconds(3));

        Assert.True(node.Check("db") is { IsStuck: false, LastStatus: HealthStatus.Healthy });
        Assert.Equal(2, check.Runs);
        check.Hangs.SetResult();
        await Node.Eventually(() => node.Monitor.UnderWay.Count == 0);
        Assert.True(node.Health.Verdicts.Operational, node.Health.Verdicts.Reason);
    }

    [Fact]
    public async Task The_snapshot_says_when_the_next_outcome_is_due()
    {
        FakeCheck quick = new();
        FakeCheck slow = new();
        await using Node node = Node.With(checks => checks.AddCheck("quick", quick).AddCheck("slow", slow), ("Checks:slow:Period", "01:00:00"), ("Checks:slow:Timeout", "00:01:00"));
        await node.UntilAsync(() => node.Health.Verdicts.Operational);
        Assert.InRange(node.Health.Until(node.Health.Snapshot.NextOutcome).TotalSeconds, 9 - Step, 11);

        quick.Result = HealthCheckResult.Unhealthy();
        await node.UntilAsync(() => !node.Health.Verdicts.Operational);
        Assert.InRange(node.Health.Until(node.Health.Snapshot.NextOutcome).TotalSeconds, 1.8 - Step, 2.2);
    }

    [Fact]
    public void Jitter_is_a_tenth_in_both_directions()
    {
        double[] factors = [.. Enumerable.Range(0, 10_000).Select(run => Jitter.Of("db", run))];

        Assert.All(factors, factor => Assert.InRange(factor, 0.9, 1.1));
        Assert.InRange(factors.Min(), 0.9, 0.905);
        Assert.InRange(factors.Max(), 1.095, 1.1);
        Assert.InRange(factors.Average(), 0.99, 1.01);
        Assert.Equal(Jitter.Of("db", 7), Jitter.Of("db", 7));
        Assert.NotEqual(Jitter.Of("db", 7), Jitter.Of("cache", 7));
    }

    private static List<double> Starts(Node node, FakeCheck check)
    {
        List<double> starts = [];
        check.OnRun = (_, _) => starts.Add(node.Monitor.Elapsed.TotalSeconds);
        return starts;
    }

    private static double[] Gaps(List<double> starts) => [.. starts.Skip(1).Zip(starts, (next, one) => Math.Round(next - one, 1))];
}
