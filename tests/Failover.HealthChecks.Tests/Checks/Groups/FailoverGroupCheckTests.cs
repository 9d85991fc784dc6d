using System.Collections.Concurrent;
using Failover.HealthChecks.Checks.Groups;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Failover.HealthChecks.Tests.Checks.Groups;

public sealed class FailoverGroupCheckTests
{
    private readonly Probe _probe = new();

    [Fact]
    public async Task A_group_that_has_not_heard_of_a_member_yet_fails_and_passes_with_the_first_proof()
    {
        _probe.Says("a", () => ProbeResult.Timeout("silent"));
        await using Checked check = Over("a");

        HealthCheckResult starting = await check.RunAsync();
        Assert.Equal((HealthStatus.Unhealthy, GroupCondition.Starting), (starting.Status, starting.Data["condition"]));
        Assert.DoesNotContain("active", starting.Data.Keys);
        _probe.Says("a", () => ProbeResult.Success());
        HealthCheckResult settled = await UntilAsync(check, GroupCondition.Settled);

        Assert.Equal((HealthStatus.Healthy, "a"), (settled.Status, settled.Data["active"]));
        Assert.Equal(("db", "shared"), (check.Registration.Name, Assert.Single(check.Registration.Tags)));
    }

    [Fact]
    public async Task Running_on_the_secondary_is_healthy_and_the_last_switchover_is_told()
    {
        await using Checked check = Over("a", "b");
        await UntilAsync(check, GroupCondition.Settled);

        _probe.Says("a", () => ProbeResult.Failure("down"));
        HealthCheckResult result = await UntilAsync(check, GroupCondition.Settled, active: "b");

        Assert.Equal(HealthStatus.Healthy, result.Status);
        Assert.True((bool)result.Data["active.b"]);
        Assert.Equal((SwitchoverCause.Failover, "a", "b"), (result.Data["switchoverCause"], result.Data["switchoverFrom"], result.Data["switchoverTo"]));
        Assert.True(Guid.TryParse((string)result.Data["switchover"], out _));
        Assert.IsType<DateTimeOffset>(result.Data["switchoverAt"]);
        Assert.IsType<double>(result.Data["recoveryMs"]);
        Assert.DoesNotContain("unfenced", result.Data.Keys);
    }

    [Fact]
    public async Task A_group_that_is_switching_is_degraded_until_its_grace_ends_and_then_fails()
    {
        await using Checked check = Over("a", "b");
        await UntilAsync(check, GroupCondition.Settled);
        _probe.Says("a", () => ProbeResult.Failure("down"));
        _probe.Says("b", () => ProbeResult.Failure("down"));

        HealthCheckResult result = await UntilAsync(check, GroupCondition.Switching);
        GroupSnapshot snapshot = Group(check).Snapshot;

        Assert.Equal(HealthStatus.Degraded, result.Status);
        Assert.Equal(HealthStatus.Degraded, FailoverGroupRules.Judge(snapshot, TimeSpan.FromSeconds(30), new()).Status);
        Assert.Equal(HealthStatus.Unhealthy, FailoverGroupRules.Judge(snapshot, TimeSpan.FromSeconds(30.001), new()).Status);
    }

    [Fact]
    public async Task The_grace_counts_from_the_moment_on_that_the_group_began_to_switch()
    {
        await using Checked check = Over(checks => checks.AddFailoverGroup("db", options => options.SwitchingGrace = TimeSpan.FromMilliseconds(200)), "a", "b");
        await UntilAsync(check, GroupCondition.Settled);
        _probe.Says("a", () => ProbeResult.Failure("down"));
        _probe.Says("b", () => ProbeResult.Failure("down"));

        HealthCheckResult result = await UntilAsync(check, one => one.Status == HealthStatus.Unhealthy);

        Assert.Equal(GroupCondition.Switching, result.Data["condition"]);
        Assert.True(Group(check).Now.Since(Group(check).Snapshot.Since) > TimeSpan.FromMilliseconds(200));
    }

    [Fact]
    public async Task A_group_without_any_member_that_works_fails_the_check_with_its_reason()
    {
        _probe.Says("a", () => ProbeResult.Failure("down"));
        await using Checked check = Over(static checks => checks.AddFailoverGroup("db"), group => group.Configure(options => options.StartTimeout = TimeSpan.FromSeconds(1)), "a");

        HealthCheckResult result = await UntilAsync(check, GroupCondition.Unavailable);

        Assert.Equal(HealthStatus.Unhealthy, result.Status);
        Assert.StartsWith("the group is Unavailable", result.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_configuration_that_is_not_in_force_degrades_the_check()
    {
        ConfigurationManager configuration = new();
        configuration["Failover:Groups:db:Detection:Fall"] = "2";
        await using Checked check = Checked.With(static checks => checks.AddFailoverGroup("db"), services => services
            .AddFailover(configuration.GetSection("Failover"))
            .AddGroup("db", (_, group) => group.UseProbe(_probe).AddMember("a", new Uri("tcp://a:1"))));
        await UntilAsync(check, one => one.Status == HealthStatus.Healthy);

        configuration["Failover:Groups:db:Detection:Fall"] = "0";
        ((IConfigurationRoot)configuration).Reload();
        HealthCheckResult result = await UntilAsync(check, one => one.Status == HealthStatus.Degraded);

        Assert.Equal(GroupCondition.Settled, result.Data["condition"]);
        Assert.Contains("Fall (0) must be from 1 to 100", result.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_lag_of_readable_members_is_told_and_whether_an_epoch_fences_the_primary()
    {
        _probe.Says("a", () => ProbeResult.Success(MemberRole.Primary, null));
        _probe.Says("b", () => ProbeResult.Success(MemberRole.Replica, null) with { Lag = TimeSpan.FromSeconds(1.5) });
        await using Checked check = Over(static checks => checks.AddFailoverGroup("db"), static group => group.ElectByRole(), "a", "b");

        HealthCheckResult result = await UntilAsync(check, one => one.Status == HealthStatus.Healthy && one.Data.ContainsKey("lag.b"));

        Assert.Equal((TimeSpan.FromSeconds(1.5), true), (result.Data["lag.b"], result.Data["unfenced"]));

        _probe.Says("a", () => ProbeResult.Success(MemberRole.Primary, new Epoch("cluster", 3)));
        await UntilAsync(check, one => one.Data["unfenced"] is false);
    }

    [Fact]
    public async Task Two_primaries_fail_the_check()
    {
        _probe.Says("a", () => ProbeResult.Success(MemberRole.Primary, new Epoch("cluster", 3)));
        _probe.Says("b", () => ProbeResult.Success(MemberRole.Primary, new Epoch("cluster", 3)));
        await using Checked check = Over(static checks => checks.AddFailoverGroup("db"), static group => group.ElectByRole(), "a", "b");

        Assert.Equal(HealthStatus.Unhealthy, (await UntilAsync(check, GroupCondition.SplitBrain)).Status);
    }

    [Fact]
    public async Task A_pinned_group_says_so_and_passes()
    {
        await using Checked check = Over("a", "b");
        await UntilAsync(check, GroupCondition.Settled);

        Group(check).Pin();

        HealthCheckResult result = await UntilAsync(check, one => one.Data["pinned"] is true);
        Assert.Equal(HealthStatus.Healthy, result.Status);
    }

    [Fact]
    public async Task A_group_that_is_not_there_is_told_at_the_start()
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddFailover().AddGroup("orders", (_, group) => group.UseProbe(_probe).AddMember("a", new Uri("tcp://a:1")));
        builder.Services.AddHealthChecks().AddFailoverGroup("order");
        using IHost host = builder.Build();

        OptionsValidationException refused = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Equal("The health check 'order' uses the failover group 'order', which is not there. Registered are orders. Did you mean orders? Use one that is there, or add this one: in code, or as Failover:Groups:order in the configuration.", Assert.Single(refused.Failures));
    }

    [Fact]
    public void A_grace_that_is_not_allowed_is_refused_at_once()
    {
        OptionsValidationException refused = Assert.Throws<OptionsValidationException>(() => Checked.With(checks => checks.AddFailoverGroup("db", options => options.SwitchingGrace = TimeSpan.FromSeconds(-1))));

        Assert.Equal(["Health check 'db':SwitchingGrace (-00:00:01) must be from 00:00:00 to 01:00:00."], refused.Failures);
    }

    private Checked Over(params string[] members) => Over(static checks => checks.AddFailoverGroup("db"), members);

    private Checked Over(Action<IHealthChecksBuilder> add, params string[] members) => Over(add, static _ => { }, members);

    /// <summary>A group that looks often.</summary>
    private Checked Over(Action<IHealthChecksBuilder> add, Action<FailoverGroupBuilder> configure, params string[] members) => Checked.With(add, services => services.AddFailover().AddGroup("db", (_, group) =>
    {
        group.UseProbe(_probe).Configure(options => (options.Detection.ProbeInterval, options.Detection.TransitionInterval, options.Detection.DownInterval, options.Detection.Fall) =
            (TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(100), 2));
        foreach (string member in members)
        {
            group.AddMember(member, new Uri($"tcp://{member}:1"));
        }

        configure(group);
    }));

    private static FailoverGroup Group(Checked check) => check.Services.GetRequiredKeyedService<FailoverGroup>("db");

    private static Task<HealthCheckResult> UntilAsync(Checked check, GroupCondition condition) => UntilAsync(check, result => condition.Equals(result.Data["condition"]));

    private static Task<HealthCheckResult> UntilAsync(Checked check, GroupCondition condition, string active) => UntilAsync(check, result => condition.Equals(result.Data["condition"]) && active.Equals(result.Data.GetValueOrDefault("active")));

    private static async Task<HealthCheckResult> UntilAsync(Checked check, Func<HealthCheckResult, bool> holds)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        using PeriodicTimer look = new(TimeSpan.FromMilliseconds(5));
        while (true)
        {
            HealthCheckResult result = await check.RunAsync();
            if (holds(result))
            {
                return result;
            }

            Assert.False(limit.IsCancellationRequested, $"It says {result.Status}: {string.Join(", ", result.Data)}");
            await look.WaitForNextTickAsync();
        }
    }

    /// <summary>A probe that answers as it is told.</summary>
    private sealed class Probe : IMemberProbe
    {
        private readonly ConcurrentDictionary<string, Func<ProbeResult>> _answers = new();

        internal void Says(string member, Func<ProbeResult> answer) => _answers[member] = answer;

        public ValueTask<ProbeResult> ProbeAsync(FailoverMember member, CancellationToken cancellationToken) => new(_answers.TryGetValue(member.Name, out Func<ProbeResult>? answer) ? answer() : ProbeResult.Success());
    }
}
