using Failover.HealthChecks.Tests.Evaluation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;

namespace Failover.HealthChecks.Tests.Registration;

/// <summary>What stands in <c>Failover:Health</c>.</summary>
public class SettingsTests
{
    public static TheoryData<string, string, Func<HealthOptions, object?>, object> Keys => new()
    {
        { "Period", "00:00:30", options => options.Period, TimeSpan.FromSeconds(30) },
        { "FailurePeriod", "00:00:00.500", options => options.FailurePeriod, TimeSpan.FromMilliseconds(500) },
        { "Timeout", "00:00:05", options => options.Timeout, TimeSpan.FromSeconds(5) },
        { "Fall", "7", options => options.Fall, 7 },
        { "rise", " 3 ", options => options.Rise, 3 },
        { "Checks:db:Period", "00:01:00", options => options.Checks["DB"].Period, TimeSpan.FromMinutes(1) },
        { "Checks:DB:FailurePeriod", "00:00:01", options => options.Checks["db"].FailurePeriod, TimeSpan.FromSeconds(1) },
        { "Checks:db:Timeout", "00:10:00", options => options.Checks["db"].Timeout, TimeSpan.FromMinutes(10) },
        { "Checks:db:Fall", "100", options => options.Checks["db"].Fall, 100 },
        { "Checks:db:Rise", "1", options => options.Checks["db"].Rise, 1 },
        { "Checks:db:Criticality", "degrading", options => options.Checks["db"].Criticality, Criticality.Degrading },
        { "Checks:db:Scope", "Local", options => options.Checks["db"].Scope, CheckScope.Local },
    };

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task Each_key_is_read(string key, string value, Func<HealthOptions, object?> read, object expected)
    {
        await using Node node = Node.With(checks => checks.AddCheck("db", new FakeCheck()), (key, value));

        Assert.Equal(expected, read(InForce(node)));
    }

    [Theory]
    [InlineData("Period", "5", "Failover:Health:Period (5) must be from 00:00:00.100 to 1.00:00:00; a plain number counts as days: write 00:00:05 for 5 seconds.")]
    [InlineData("Period", "00:00:00.099", "Failover:Health:Period (00:00:00.099) must be from 00:00:00.100 to 1.00:00:00.")]
    [InlineData("FailurePeriod", "2.00:00:00", "Failover:Health:FailurePeriod (2.00:00:00) must be from 00:00:00.100 to 1.00:00:00.")]
    [InlineData("Timeout", "-00:00:01", "Failover:Health:Timeout (-00:00:01) must be from 00:00:00.010 to 00:10:00.")]
    [InlineData("Fall", "0", "Failover:Health:Fall (0) must be from 1 to 100.")]
    [InlineData("Rise", "often", "Failover:Health:Rise (often) must be from 1 to 100, a whole number.")]
    [InlineData("Perid", "x", "Failover:Health:Perid is not a known key; did you mean Period?")]
    [InlineData("Checks", "db", "Failover:Health:Checks (db) must hold a list or a section.")]
    [InlineData("Checks:db", "fast", "Failover:Health:Checks:db (fast) must hold keys: Criticality, FailurePeriod, Fall, Period, Rise, Scope, Timeout.")]
    [InlineData("Checks:db:Timeout", "00:11:00", "Failover:Health:Checks:db:Timeout (00:11:00) must be left out, or from 00:00:00.010 to 00:10:00.")]
    [InlineData("Checks:db:Fall", "101", "Failover:Health:Checks:db:Fall (101) must be left out, or from 1 to 100.")]
    [InlineData("Checks:db:Rise", "x", "Failover:Health:Checks:db:Rise (x) must be left out, or from 1 to 100, a whole number.")]
    [InlineData("Checks:db:Criticality", "High", "Failover:Health:Checks:db:Criticality (High) must be left out, or one of Critical, Degrading, Info.")]
    [InlineData("Checks:db:Scope", "1", "Failover:Health:Checks:db:Scope (1) must be left out, or one of Local, Shared.")]
    [InlineData("Checks:db:Tmeout", "x", "Failover:Health:Checks:db:Tmeout is not a known key; did you mean Timeout?")]
    [InlineData("Checks:cache:Fall", "3", "Failover:Health:Checks:cache is no health check: registered are db, search.")]
    public async Task A_bad_value_stops_the_start_with_its_key_the_value_and_what_is_allowed(string key, string value, string problem)
    {
        await using Node node = Node.With(checks => checks.AddCheck("search", new FakeCheck()).AddCheck("db", new FakeCheck()), (key, value));

        Assert.Equal([problem], Problems(node));
    }

    [Theory]
    [InlineData("Checks:db:Fall")]
    [InlineData("Checks:db:Criticality")]
    [InlineData("Checks:db:Period")]
    public async Task An_empty_value_of_a_check_counts_as_left_out(string key)
    {
        await using Node node = Node.With(checks => checks.AddCheck("db", new FakeCheck()), (key, ""));

        CheckOptions own = InForce(node).Checks["db"];
        Assert.True(own is { Fall: null, Criticality: null, Period: null });
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_told_at_once()
    {
        await using Node node = Node.With(
            checks => checks.AddCheck("db", new FakeCheck()).AddCheck("DB", new FakeCheck()), ("Fall", "0"), ("Checks:db:Rise", "0"), ("Checks:x:Rise", "1"));

        Assert.Equal(
            [
                "Failover:Health:Fall (0) must be from 1 to 100.",
                "Failover:Health:Checks:db:Rise (0) must be left out, or from 1 to 100.",
                "Failover:Health:Checks:x is no health check: registered are db.",
                "The health check 'db' is registered 2 times: each needs a name of its own, without regard to case.",
            ],
            Problems(node));
    }

    [Fact]
    public async Task A_check_is_told_to_be_unknown_where_none_is_registered()
    {
        await using Node node = Node.With(_ => { }, ("Checks:x:Rise", "1"));

        Assert.Equal(["Failover:Health:Checks:x is no health check: no check is registered."], Problems(node));
    }

    [Fact]
    public async Task Code_is_checked_by_the_same_rules_and_wins()
    {
        await using Node bad = Node.Of(services => services.Configure<HealthOptions>(options =>
        {
            options.Fall = 0;
            options.Checks["db"] = new() { Rise = 0 };
            options.Checks["search"] = null!;
        }).AddHealthChecks().AddCheck("db", new FakeCheck()).AddCheck("search", new FakeCheck()));
        Assert.Equal(
            [
                "Failover:Health:Fall (0) must be from 1 to 100.",
                "Failover:Health:Checks:db:Rise (0) must be left out, or from 1 to 100.",
                "Failover:Health:Checks:search (null) must hold options.",
            ],
            Problems(bad));

        await using Node good = Node.Of(services => services.Configure<HealthOptions>(options => options.Fall = 9), ("Fall", "3"));
        Assert.Equal(9, InForce(good).Fall);
    }

    [Fact]
    public async Task A_good_change_is_put_in_force_for_each_check()
    {
        FakeCheck check = new() { Result = HealthCheckResult.Unhealthy() };
        await using Node node = Node.With(checks => checks.AddCheck("db", check));
        await node.UntilAsync(() => node.Check("db").Status is not null);
        Assert.False(node.Health.Verdicts.Operational);

        node.Save(("Checks:db:Criticality", "Info"), ("Checks:db:Scope", "Local"));

        Assert.True(node.Health.Verdicts is { Operational: true, CanServe: true });
        Assert.True(node.Check("db") is { Criticality: Criticality.Info, Scope: CheckScope.Local });
        Assert.Equal(["SectionChanged"], Told(node));
    }

    [Fact]
    public async Task A_bad_change_changes_nothing_and_the_node_says_so_until_a_good_one()
    {
        FakeCheck check = new();
        await using Node node = Node.With(checks => checks.AddCheck("db", check), ("Fall", "3"));
        await node.UntilAsync(() => node.Health.Verdicts.Operational);

        node.Save(("Fall", "0"), ("Rise", "2"));

        Assert.Equal((3, 1), (InForce(node).Fall, InForce(node).Rise));
        Assert.Equal((false, true, "configuration refused"), (node.Health.Verdicts.Operational, node.Health.Verdicts.CanServe, node.Health.Verdicts.Reason));
        await node.PassAsync(TimeSpan.FromSeconds(12));
        Assert.Equal(2, check.Runs);

        node.Save(("Fall", "4"));

        Assert.Equal(4, InForce(node).Fall);
        Assert.True(node.Health.Verdicts.Operational);
        Assert.Equal(["SectionRefused", "SectionChanged"], Told(node));
    }

    [Fact]
    public async Task A_change_elsewhere_is_none_of_the_health()
    {
        await using Node node = Node.With(checks => checks.AddCheck("db", new FakeCheck()), ("Fall", "3"));
        HealthOptions before = InForce(node);
        _ = node.Health.Snapshot;

        node.Configuration.Save(("Health:Fall", "3"), ("Tunnels:a", "1"));

        Assert.Same(before, InForce(node));
        Assert.Empty(Told(node));
    }

    [Fact]
    public async Task Settings_that_are_gone_with_all_of_Failover_stay_in_force()
    {
        await using Node node = Node.With(checks => checks.AddCheck("db", new FakeCheck()), ("Fall", "3"));
        await node.UntilAsync(() => node.Health.Verdicts.Operational);

        node.Configuration.Save();

        Assert.Equal(3, InForce(node).Fall);
        Assert.Equal("configuration refused", node.Health.Verdicts.Reason);
        node.Save(("Fall", "3"));
        Assert.True(node.Health.Verdicts.Operational);
    }

    private static HealthOptions InForce(Node node) => node.Services.GetRequiredService<LastGoodSection<HealthOptions>>().Current;

    private static IEnumerable<string> Problems(Node node) => Assert.Throws<OptionsValidationException>(() => node.Health.Snapshot).Failures;

    private static IEnumerable<string?> Told(Node node) => node.Log.GetSnapshot().Where(record => record.Id.Id is >= 1900 and < 2000).Select(record => record.Id.Name);
}
