using Failover.HealthChecks.Evaluation;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.HealthChecks.Tests.Evaluation;

public class CheckSettingsTests
{
    [Theory]
    [InlineData(HealthStatus.Unhealthy, "", null, Criticality.Critical)]
    [InlineData(HealthStatus.Degraded, "", null, Criticality.Degrading)]
    [InlineData(HealthStatus.Healthy, "", null, Criticality.Info)]
    [InlineData(HealthStatus.Unhealthy, "info", null, Criticality.Info)]
    [InlineData(HealthStatus.Unhealthy, "Degrading", null, Criticality.Degrading)]
    [InlineData(HealthStatus.Degraded, "CRITICAL", null, Criticality.Critical)]
    [InlineData(HealthStatus.Degraded, "info critical", null, Criticality.Critical)]
    [InlineData(HealthStatus.Unhealthy, "ready live", null, Criticality.Critical)]
    [InlineData(HealthStatus.Unhealthy, "info", Criticality.Degrading, Criticality.Degrading)]
    [InlineData(HealthStatus.Degraded, "", Criticality.Critical, Criticality.Critical)]
    public void What_a_failure_means_is_said_by_settings_then_a_tag_then_the_registration(HealthStatus failure, string tags, Criticality? set, Criticality expected) =>
        Assert.Equal(expected, Of(Registered(failure, tags), new() { Criticality = set }).Criticality);

    [Theory]
    [InlineData("", null, null, CheckScope.Shared)]
    [InlineData("local", null, null, CheckScope.Local)]
    [InlineData("Shared local", null, null, CheckScope.Local)]
    [InlineData("", typeof(DiskStorageHealthCheck), null, CheckScope.Local)]
    [InlineData("shared", typeof(DiskStorageHealthCheck), null, CheckScope.Shared)]
    [InlineData("", typeof(FakeCheck), null, CheckScope.Shared)]
    [InlineData("local", typeof(DiskStorageHealthCheck), CheckScope.Shared, CheckScope.Shared)]
    [InlineData("", typeof(FakeCheck), CheckScope.Local, CheckScope.Local)]
    public void Whose_failure_it_is_is_said_by_settings_then_a_tag_then_the_kind_of_check(string tags, Type? kind, CheckScope? set, CheckScope expected) =>
        Assert.Equal(expected, Of(Registered(HealthStatus.Unhealthy, tags), new() { Scope = set }, kind: kind).Scope);

    // Seconds: the registration's, the check's own settings, those for all; 0 is not set.
    [Theory]
    [InlineData(0, 0, 10, 10)]
    [InlineData(30, 0, 10, 30)]
    [InlineData(30, 5, 10, 5)]
    [InlineData(0, 5, 10, 5)]
    [InlineData(200_000, 0, 10, 86_400)]
    public void The_period_is_that_of_the_check_then_of_its_registration_then_of_all(int registered, int own, int all, int expected) => Assert.Equal(
        expected,
        Of(Registered(), new() { Period = Seconds(own) }, new() { Period = TimeSpan.FromSeconds(all) }, Seconds(registered)).Period.TotalSeconds);

    [Theory]
    [InlineData(0, 0, 2, 2)]
    [InlineData(-0.001, 0, 2, 2)]
    [InlineData(3, 0, 2, 3)]
    [InlineData(3, 1, 2, 1)]
    [InlineData(0.001, 0, 2, 0.01)]
    [InlineData(10_000_000, 0, 2, 600)]
    public void The_timeout_is_that_of_the_check_then_of_its_registration_then_of_all(double registered, double own, double all, double expected)
    {
        TimeSpan? timeout = registered == 0 ? null : registered < 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(registered);
        HealthCheckRegistration registration = new("db", _ => new FakeCheck(), HealthStatus.Unhealthy, [], timeout);

        Assert.Equal(expected, Of(registration, new() { Timeout = Seconds(own) }, new() { Timeout = TimeSpan.FromSeconds(all) }).Timeout.TotalSeconds);
    }

    [Fact]
    public void While_it_fails_it_is_never_asked_less_often()
    {
        Assert.Equal(1, Of(Registered(), new() { Period = TimeSpan.FromSeconds(1) }).FailurePeriod.TotalSeconds);
        Assert.Equal(7, Of(Registered(), new() { FailurePeriod = TimeSpan.FromSeconds(7) }).FailurePeriod.TotalSeconds);
        Assert.Equal(2, Of(Registered(), new()).FailurePeriod.TotalSeconds);
    }

    [Fact]
    public void Thresholds_are_those_of_the_check_then_of_all()
    {
        Assert.Equal((2, 1), Thresholds(new()));
        Assert.Equal((5, 4), Thresholds(new() { Fall = 5, Rise = 4 }));

        static (int, int) Thresholds(CheckOptions own) => Of(Registered(), own) is var settings ? (settings.Fall, settings.Rise) : default;
    }

    [Fact]
    public void Settings_are_found_without_regard_to_case() => Assert.Equal(9, Of(new("DB", _ => new FakeCheck(), null, []), new() { Fall = 9 }).Fall);

    // Most checks return what their registration says when they fail.
    [Theory]
    [InlineData(Criticality.Critical, HealthStatus.Unhealthy)]
    [InlineData(Criticality.Degrading, HealthStatus.Degraded)]
    [InlineData(Criticality.Info, HealthStatus.Degraded)]
    public void A_check_sees_a_registration_whose_failure_means_what_the_settings_say(Criticality set, HealthStatus expected)
    {
        HealthCheckRegistration registration = new("db", _ => new FakeCheck(), HealthStatus.Healthy, ["x"], TimeSpan.FromSeconds(7));
        CheckSettings settings = Of(registration, new() { Criticality = set });

        HealthCheckRegistration seen = settings.Means(registration);

        Assert.Equal(expected, settings.FailureStatus);
        Assert.Equal((expected, "db", 7), (seen.FailureStatus, seen.Name, seen.Timeout.TotalSeconds));
        Assert.Equal(["x"], seen.Tags);
        Assert.Same(registration.Factory, seen.Factory);
        Assert.Same(seen, settings.Means(seen));
        Assert.Equal(HealthStatus.Healthy, registration.FailureStatus);
    }

    private static CheckSettings Of(HealthCheckRegistration registration, CheckOptions own, HealthOptions? all = null, TimeSpan? period = null, Type? kind = null)
    {
        HealthOptions options = all ?? new();
        options.Checks["db"] = own;
        return CheckSettings.Of(registration, period, kind, options);
    }

    private static HealthCheckRegistration Registered(HealthStatus failure = HealthStatus.Unhealthy, string tags = "") =>
        new("db", _ => new FakeCheck(), failure, tags.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static TimeSpan? Seconds(double seconds) => seconds == 0 ? null : TimeSpan.FromSeconds(seconds);

    /// <summary>Bears the name of somebody else's check that looks at nothing but this node.</summary>
    private sealed class DiskStorageHealthCheck;
}
