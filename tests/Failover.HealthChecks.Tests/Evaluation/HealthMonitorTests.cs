using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.HealthChecks.Tests.Evaluation;

public class HealthMonitorTests
{
    [Fact]
    public async Task A_node_is_operational_when_all_its_checks_have_passed()
    {
        FakeCheck check = new() { Hangs = new() };
        await using Node node = Node.With(checks => checks.AddCheck("db", check));

        Assert.False(node.Health.Verdicts.Operational);
        check.Hangs.SetResult();
        await node.UntilAsync(() => node.Health.Verdicts.Operational);

        Assert.Equal(HealthStatus.Healthy, node.Check("db").Status);
        Assert.True(node.Health.Verdicts.CanServe);
        Assert.Null(node.Health.Verdicts.Reason);
    }

    [Fact]
    public async Task A_check_that_hangs_fails_after_its_fall_and_is_never_doubled()
    {
        FakeCheck check = new();
        await using Node node = Node.With(checks => checks.AddCheck("db", check));
        await node.UntilAsync(() => node.Health.Verdicts.Operational);

        check.Hangs = new();
        await node.UntilAsync(() => node.Check("db").IsStuck);
        await node.UntilAsync(() => node.Check("db").Status == HealthStatus.Unhealthy);
        int runs = check.Runs;
        node.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(1, check.MostAtOnce);
        Assert.Equal(runs, check.Runs);
        Assert.Equal("stuck", node.Check("db").Error);
        Assert.False(node.Health.Verdicts.Operational);

        check.Hangs.SetResult();
        check.Hangs = null;
        await node.UntilAsync(() => node.Health.Verdicts.Operational);
        Assert.False(node.Check("db").IsStuck);
    }

    [Fact]
    public async Task A_shared_failure_leaves_a_node_in_service_and_a_local_one_takes_it_out()
    {
        FakeCheck database = new();
        FakeCheck disk = new();
        await using Node node = Node.With(checks => checks.AddCheck("db", database, tags: ["shared"]).AddCheck("disk", disk, tags: ["local"]));
        await node.UntilAsync(() => node.Health.Verdicts.Operational);

        database.Result = HealthCheckResult.Unhealthy();
        await node.UntilAsync(() => !node.Health.Verdicts.Operational);
        Assert.True(node.Health.Verdicts.CanServe);

        disk.Result = HealthCheckResult.Unhealthy();
        await node.UntilAsync(() => !node.Health.Verdicts.CanServe);
    }

    [Fact]
    public async Task What_checks_say_in_words_is_logged_without_secrets_and_shown_nowhere()
    {
        FakeCheck check = new() { Throws = new InvalidOperationException("cannot connect with Host=db;Password=hush7") };
        await using Node node = Node.With(checks => checks.AddCheck("db", check));

        await node.UntilAsync(() => node.Check("db").Status is not null);
        await Node.Eventually(() => node.Logged("CheckFails").Length > 0);

        Assert.Equal("InvalidOperationException", node.Check("db").Error);
        Assert.Contains(node.Log.GetSnapshot(), record => record.Message.Contains("cannot connect with Host=db", StringComparison.Ordinal));
        Assert.DoesNotContain(node.Log.GetSnapshot(), record => record.Message.Contains("hush7", StringComparison.Ordinal));
        Assert.All(node.Health.Snapshot.ToReport().Entries.Values, entry => Assert.Null(entry.Exception));
    }

    [Fact]
    public async Task Whoever_runs_health_checks_gets_the_snapshot_and_runs_none()
    {
        FakeCheck check = new();
        await using Node node = Node.With(checks => checks.AddCheck("db", check));
        await node.UntilAsync(() => node.Health.Verdicts.Operational);
        int runs = check.Runs;

        HealthReport report = await node.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        Assert.Equal(HealthStatus.Healthy, report.Status);
        Assert.Equal(runs, check.Runs);
    }
}
