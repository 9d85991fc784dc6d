using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using System.Diagnostics.Metrics;

namespace Failover.HealthChecks.Tests.Evaluation;

/// <summary>Logs and metrics.</summary>
public class TellingTests
{
    [Fact]
    public async Task A_change_is_logged_once_whatever_the_number_of_runs()
    {
        FakeCheck check = new();
        await using Node node = Node.With(checks => checks.AddCheck("db", check, tags: ["local"]));
        await node.UntilAsync(() => node.Health.Verdicts.Operational);
        check.Throws = new IOException("Password=hush");
        await node.UntilAsync(() => check.Runs == 12);
        check.Throws = null;
        await node.UntilAsync(() => node.Health.Verdicts.Operational);
        await node.UntilAsync(() => check.Runs == 15);
        await Node.Eventually(() => node.Logged("VerdictsChanged").Length == 3);

        Assert.Equal(
            [
                (LogLevel.Information, "HealthStarted", "Runs 1 health checks: db (Critical, Local)."),
                (LogLevel.Information, "CheckPasses", "Health check db passes."),
                (LogLevel.Information, "VerdictsChanged", "The node is operational: True; can serve: True (all is well)."),
                (LogLevel.Debug, "CheckWavers", "Health check db was Unhealthy (IOException), not often enough to count: it is still Healthy. Password=***"),
                (LogLevel.Warning, "CheckFails", "Health check db is Unhealthy (IOException). Password=***"),
                (LogLevel.Debug, "CheckThrew", "Health check db threw IOException at …"),
                (LogLevel.Warning, "VerdictsChanged", "The node is operational: False; can serve: False (db unhealthy)."),
                (LogLevel.Information, "CheckPasses", "Health check db passes."),
                (LogLevel.Information, "VerdictsChanged", "The node is operational: True; can serve: True (all is well)."),
            ],
            Told(node));
        Assert.Contains(nameof(FakeCheck.CheckHealthAsync), Assert.Single(node.Logged("CheckThrew")).Message, StringComparison.Ordinal);
        Assert.All(node.Log.GetSnapshot(), record => Assert.Null(record.Exception));
    }

    [Fact]
    public async Task A_run_that_is_stuck_is_logged_when_it_is_seen_and_when_it_ends()
    {
        FakeCheck check = new();
        await using Node node = Node.With(checks => checks.AddCheck("db", check));
        await node.UntilAsync(() => node.Health.Verdicts.Operational);
        check.Hangs = new();
        await node.UntilAsync(() => node.Check("db").IsStuck);
        await node.PassAsync(TimeSpan.FromSeconds(30));
        check.Hangs.SetResult();
        check.Hangs = null;
        await node.UntilAsync(() => node.Health.Verdicts.Operational);
        await Node.Eventually(() => node.Logged("VerdictsChanged").Length == 3);

        Assert.Equal(["CheckWavers", "CheckStuck", "CheckFails", "VerdictsChanged", "CheckNoLongerStuck", "CheckPasses", "VerdictsChanged"], Told(node).Skip(3).Select(one => one.Name));
        Assert.Equal("Health check db is Unhealthy (stuck).", node.Logged("CheckFails")[0].Message.TrimEnd());
    }

    [Fact]
    public async Task The_start_of_many_checks_is_one_change_of_the_verdicts()
    {
        await using Node node = Node.With(checks =>
        {
            for (int i = 0; i < 50; i++)
            {
                checks.AddCheck($"c{i}", new FakeCheck());
            }
        });
        await node.UntilAsync(() => node.Health.Verdicts.Operational);

        await Node.Eventually(() => node.Logged("CheckPasses").Length == 50 && node.Logged("VerdictsChanged").Length > 0);

        Assert.Single(node.Logged("VerdictsChanged"));
    }

    [Fact]
    public async Task What_counts_for_nothing_is_no_warning_and_a_drain_neither()
    {
        await using Node node = Node.With(checks => checks.AddCheck("trivia", new FakeCheck { Result = HealthCheckResult.Degraded("as always") }, tags: ["info"]));
        await node.UntilAsync(() => node.Check("trivia").Status is not null);
        node.Drain.Begin("deployment");
        node.Drain.Begin("drill");
        node.Drain.End("deployment");
        node.Drain.End("drill");
        await Node.Eventually(() => node.Logged("VerdictsChanged").Length == 2 && node.Logged("DrainChanged").Length == 4);

        Assert.All(Told(node), one => Assert.True(one.Level < LogLevel.Warning, one.Message));
        Assert.Equal("Health check trivia is Degraded (by its own word). as always", Assert.Single(node.Logged("CheckFails")).Message);
        Assert.Equal(
            ["The node is draining: yes (deployment).", "The node is draining: yes (deployment, drill).", "The node is draining: yes (drill).", "The node is draining: no."],
            node.Logged("DrainChanged").Select(record => record.Message));
        Assert.Equal("The node is operational: False; can serve: False (draining).", node.Logged("VerdictsChanged")[0].Message);
    }

    [Fact]
    public async Task A_drain_from_before_the_start_is_told_too()
    {
        await using Node node = Node.With(checks => checks.AddCheck("db", new FakeCheck()));
        node.Drain.Begin("file");

        Assert.True(node.Health.Verdicts is { IsDraining: true, CanServe: false });

        await Node.Eventually(() => node.Logged("DrainChanged").Length == 1);
    }

    [Fact]
    public async Task Runs_are_measured_by_what_they_came_to()
    {
        FakeCheck check = new();
        await using Node node = Node.With(checks => checks.AddCheck("db", check));
        using MetricCollector<double> durations = new(Meters(node), "Failover", "failover.health.check.duration");
        await node.UntilAsync(() => check.Runs == 1);
        check.Result = HealthCheckResult.Degraded();
        await node.UntilAsync(() => check.Runs == 2);
        check.Throws = new IOException();
        await node.UntilAsync(() => check.Runs == 3);
        check.Hangs = new();
        await node.UntilAsync(() => node.Check("db").IsStuck);
        await node.PassAsync(TimeSpan.FromSeconds(30));
        await Node.Eventually(() => durations.GetMeasurementSnapshot().Count >= 4);

        // One that is stuck is no run of its own, each time it falls due.
        Assert.Equal(["healthy", "degraded", "unhealthy", "timed_out"], durations.GetMeasurementSnapshot().Select(one => (string)one.Tags["failover.outcome"]!));
        Assert.All(durations.GetMeasurementSnapshot(), one => Assert.Equal("db", one.Tags["failover.check"]));
        Assert.Equal(2, durations.GetMeasurementSnapshot()[^1].Value);
        check.Hangs.SetResult();
    }

    [Fact]
    public async Task Checks_and_verdicts_are_observed_as_they_are()
    {
        FakeCheck stuck = new() { Hangs = new() };
        await using Node node = Node.With(checks => checks
            .AddCheck("well", new FakeCheck())
            .AddCheck("so-so", new FakeCheck { Result = HealthCheckResult.Degraded() }, HealthStatus.Degraded)
            .AddCheck("ill", new FakeCheck { Throws = new IOException() })
            .AddCheck("stuck", stuck));
        using MetricCollector<double> status = new(Meters(node), "Failover", "failover.health.check.status");
        using MetricCollector<int> stuckOnes = new(Meters(node), "Failover", "failover.health.check.stuck");
        using MetricCollector<int> verdicts = new(Meters(node), "Failover", "failover.health.verdict");
        status.RecordObservableInstruments();
        Assert.Empty(status.GetMeasurementSnapshot());

        await node.UntilAsync(() => node.Check("ill").Status is not null);
        Assert.Equal([("well", 1), ("so-so", 0.5), ("ill", 0)], Observe(status, "failover.check"));
        Assert.Equal([("well", 0), ("so-so", 0), ("ill", 0), ("stuck", 0)], Observe(stuckOnes, "failover.check"));
        Assert.Equal([("operational", 0), ("can_serve", 0), ("alive", 1)], Observe(verdicts, "failover.verdict"));

        await node.UntilAsync(() => node.Check("stuck").IsStuck);
        Assert.Equal([("well", 0), ("so-so", 0), ("ill", 0), ("stuck", 1)], Observe(stuckOnes, "failover.check"));

        node.Time.HoldTimers();
        node.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.Empty(Observe(status, "failover.check"));
        Assert.Equal([("operational", 0), ("can_serve", 0), ("alive", 0)], Observe(verdicts, "failover.verdict"));

        node.Monitor.Dispose();
        Assert.Empty(Observe(verdicts, "failover.verdict"));
        stuck.Hangs.SetResult();
    }

    [Fact]
    public async Task Without_a_meter_factory_it_goes_as_well()
    {
        ServiceCollection services = [];
        services.AddFailover().AddHealth();
        services.AddHealthChecks().AddCheck("db", new FakeCheck());
        await using ServiceProvider provider = services.BuildServiceProvider();

        await Node.Eventually(() => provider.GetRequiredService<NodeHealth>().Verdicts.Operational);
    }

    private static IMeterFactory Meters(Node node) => node.Services.GetRequiredService<IMeterFactory>();

    private static IEnumerable<(string, T)> Observe<T>(MetricCollector<T> collector, string tag)
        where T : struct
    {
        collector.Clear();
        collector.RecordObservableInstruments();
        return [.. collector.GetMeasurementSnapshot().Select(one => ((string)one.Tags[tag]!, one.Value))];
    }

    /// <summary>What the health logged; where a stack trace begins, it is left out.</summary>
    private static IEnumerable<(LogLevel Level, string? Name, string Message)> Told(Node node) =>
        from record in node.Log.GetSnapshot()
        where record.Id.Id is >= 4000 and < 5000
        select (record.Level, record.Id.Name, record.Id.Name == "CheckThrew" ? record.Message[..(record.Message.IndexOf(" at ", StringComparison.Ordinal) + 4)] + "…" : record.Message);
}
