using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
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

        Assert.Equal((HealthStatus.Degraded, "nobody here can become the primary: no answer within 3 s"), (away.Status, away.Description));
    }

    [Fact]
    public async Task A_gate_that_is_not_there_fails_the_check()
    {
        await using Checked check = Checked.With(static builder => builder.AddPrimaryGate("nigthly"));

        InvalidOperationException told = await Assert.ThrowsAsync<InvalidOperationException>(() => check.RunAsync());

        Assert.Equal("The health check 'nigthly' uses a gate that is not there: add it with AddFailover().AddPrimaryGate(\"nigthly\", …).", told.Message);
    }

    private static async Task<HealthCheckResult> RunAsync(PrimaryGateState state)
    {
        Mock<IPrimaryGate> gate = new();
        gate.Setup(one => one.State).Returns(state);
        await using Checked check = Checked.With(static builder => builder.AddPrimaryGate("nightly"), services => services.AddKeyedSingleton("nightly", gate.Object));
        Assert.Equal(("nightly", "shared"), (check.Registration.Name, Assert.Single(check.Registration.Tags)));
        return await check.RunAsync();
    }
}
