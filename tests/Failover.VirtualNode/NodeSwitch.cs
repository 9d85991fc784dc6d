using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.VirtualNode;

/// <summary>A check that says what it was told to say.</summary>
internal sealed class NodeSwitch : IHealthCheck
{
    private volatile bool _isHealthy = true;

    internal bool IsHealthy
    {
        get => _isHealthy;
        set => _isHealthy = value;
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_isHealthy ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("told to"));
}
