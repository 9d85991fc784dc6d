using Failover.HealthChecks.Checks;
using Failover.HealthChecks.Checks.DiskSpace;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Failover.HealthChecks.Tests.Checks.DiskSpace;

public sealed class DiskSpaceRulesTests
{
    [Theory]
    [InlineData(100, 900, HealthStatus.Healthy)]
    [InlineData(99, 901, HealthStatus.Degraded)]
    [InlineData(50, 950, HealthStatus.Degraded)]
    [InlineData(49, 951, HealthStatus.Unhealthy)]
    [InlineData(0, 1000, HealthStatus.Unhealthy)]
    [InlineData(0, 0, HealthStatus.Healthy)]
    public void By_default_less_than_a_tenth_is_little_and_less_than_a_twentieth_too_little(long free, long used, HealthStatus expected)
    {
        Assert.Equal(expected, DiskSpaceRules.Judge(new(free, used, 0, 0, IsReadOnly: false), new()).Status);
        Assert.Equal(expected, DiskSpaceRules.Judge(new(1, 0, free, free + used, IsReadOnly: false), new()).Status);
    }

    [Fact]
    public void A_disk_without_an_end_is_no_full_one() =>
        Assert.Equal(HealthStatus.Healthy, DiskSpaceRules.Judge(new(long.MaxValue, long.MaxValue, 0, 0, IsReadOnly: false), new()).Status);

    [Fact]
    public void Bytes_are_counted_beside_percents()
    {
        DiskSpaceCheckOptions options = new() { MinimumFreeBytes = 100, DegradedFreeBytes = 200 };

        Assert.Equal(HealthStatus.Healthy, Of(200).Status);
        Assert.Equal(HealthStatus.Degraded, Of(199).Status);
        Assert.Equal(HealthStatus.Unhealthy, Of(99).Status);

        CheckFinding Of(long free) => DiskSpaceRules.Judge(new(free, 0, 0, 0, IsReadOnly: false), options);
    }

    [Fact]
    public void What_is_not_allowed_is_refused_all_at_once()
    {
        OptionsValidationException refused = Assert.Throws<OptionsValidationException>(() => Checked.With(checks => checks.AddDiskSpace("data", "/", options =>
        {
            options.MinimumFreeBytes = -1;
            options.MinimumFreePercent = 101;
            options.MinimumFreeInodesPercent = double.NaN;
            options.DegradedFreePercent = 4;
            options.DegradedFreeInodesPercent = 200;
            options.DegradedFreeBytes = -2;
        })));

        Assert.Equal(
            [
                "Health check 'data':MinimumFreeBytes (-1) must be from 0 to 9223372036854775807.",
                "Health check 'data':MinimumFreePercent (101) must be from 0 to 100.",
                "Health check 'data':MinimumFreeInodesPercent (NaN) must be from 0 to 100.",
                "Health check 'data':DegradedFreeBytes (-2) must be from 0 to 9223372036854775807.",
                "Health check 'data':DegradedFreeInodesPercent (200) must be from 0 to 100.",
            ],
            refused.Failures);
    }

    [Fact]
    public void A_check_cannot_fail_before_it_is_degraded()
    {
        OptionsValidationException refused = Assert.Throws<OptionsValidationException>(() => Checked.With(checks => checks.AddDiskSpace("data", "/", options => options.DegradedFreePercent = 4)));

        Assert.Equal(["Health check 'data':DegradedFreePercent (4) must be 0, or not below MinimumFreePercent (5)."], refused.Failures);
    }
}
