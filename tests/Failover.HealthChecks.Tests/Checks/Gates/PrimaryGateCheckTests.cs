using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Moq;

namespace Failover.HealthChecks.Tests.Checks.Gates;

public sealed class PrimaryGateCheckTests
{
    [Fact]
    public async Task The_primary_passes_as_a_standby_does_and_it_is_told_who_is_the_primary()
    {
        HealthCheckResult primary = await RunAsync(new() { IsPrimary = true, Token = 7, Holder = "host-a", Users = 1 });
        HealthCheckResult standby = await RunAsync(new() { Holder = "host-b", Users = 1 });

        Assert.Equal((HealthStatus.Healthy, true, 7L, "host-a"), (primary.Status, primary.Data["primary"], primary.Data["token"], primary.Data["holder"]));
        Assert.Equal((HealthStatus.Healthy, false, "host-b"), (standby.Status, standby.Data["primary"], standby.Data["holder"]));
        Assert.DoesNotContain("token", standby.Data.Keys);
    }

    [Fact]
    public async Task While_the_arbiter_is_away_it_is_degraded()
    {
        HealthCheckResult away = await RunAsync(new() { Problem = "no answer within 3 s", Users = 1 });

        Assert.Equal((HealthStatus.Degraded, "the work behind the gate cannot be done here: no answer within 3 s"), (away.Status, away.Description));
    }

    [Fact]
    public async Task An_arbiter_that_has_not_answered_yet_is_waited_for_a_little_and_then_it_is_degraded()
    {
        Mock<IPrimaryGate> gate = new();
        PrimaryGateState unanswered = new() { Users = 1 };
        gate.SetupSequence(one => one.State).Returns(unanswered).Returns(unanswered).Returns(unanswered with { HasAnswer = true, Holder = "host-b" }).Returns(unanswered with { HasAnswer = true, Holder = "host-b" });
        Assert.Equal(HealthStatus.Healthy, (await RunOverAsync(gate)).Status);

        gate.Setup(one => one.State).Returns(unanswered);
        HealthCheckResult silent = await RunOverAsync(gate);
        Assert.Equal((HealthStatus.Degraded, "the arbiter has not answered yet"), (silent.Status, silent.Description));

        gate.Setup(one => one.State).Returns(new PrimaryGateState());
        Assert.Equal(HealthStatus.Healthy, (await RunOverAsync(gate)).Status);
    }

    [Fact]
    public async Task A_gate_that_is_not_there_is_told_when_the_app_starts()
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Services.AddHealthChecks().AddPrimaryGate("nigthly");
        using IHost host = builder.Build();

        OptionsValidationException told = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Equal("The health check 'nigthly' uses the gate 'nigthly', which is not there: add it with AddPrimaryGate(\"nigthly\", …).", Assert.Single(told.Failures));
    }

    private static Task<HealthCheckResult> RunAsync(PrimaryGateState state)
    {
        Mock<IPrimaryGate> gate = new();
        gate.Setup(one => one.State).Returns(state with { HasAnswer = true });
        return RunOverAsync(gate);
    }

    private static async Task<HealthCheckResult> RunOverAsync(Mock<IPrimaryGate> gate)
    {
        await using Checked check = Checked.With(static builder => builder.AddPrimaryGate("nightly"), services => services.AddKeyedSingleton("nightly", gate.Object));
        Assert.Equal(("nightly", "shared"), (check.Registration.Name, Assert.Single(check.Registration.Tags)));
        return await check.RunAsync();
    }
}
