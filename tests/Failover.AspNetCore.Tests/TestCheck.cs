using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.AspNetCore.Tests;

/// <summary>A check that says what a test tells it to.</summary>
internal sealed class TestCheck : IHealthCheck
{
    private Func<CancellationToken, Task<HealthCheckResult>> _run;

    internal TestCheck(Func<CancellationToken, Task<HealthCheckResult>> run) => _run = run;

    internal TestCheck(HealthStatus status)
        : this(_ => Task.FromResult(new HealthCheckResult(status)))
    {
    }

    internal static TestCheck Healthy => new(HealthStatus.Healthy);

    internal static TestCheck Unhealthy => new(HealthStatus.Unhealthy);

    internal void Say(HealthStatus status) => Volatile.Write(ref _run, _ => Task.FromResult(new HealthCheckResult(status)));

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Volatile.Read(ref _run)(cancellationToken);
}
