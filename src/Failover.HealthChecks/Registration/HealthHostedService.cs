using Failover.HealthChecks.Evaluation;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Failover.HealthChecks.Registration;

/// <summary>Starts the checks with the host, before other hosted services, and ends them after those have stopped: until then somebody may ask. They must not outlive what they look at, which the container disposes of next.</summary>
internal sealed class HealthHostedService(HealthMonitor monitor, HealthCheckService service, ILogger<NodeHealth> logger) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        if (service is not SnapshotHealthCheckService)
        {
            Log.ServiceReplaced(logger, service.GetType().Name);
        }

        monitor.Begin();
        return Task.CompletedTask;
    }

    // A host that is older knows only this, and StopAsync; there the container ends the checks.
    public Task StartAsync(CancellationToken cancellationToken)
    {
        monitor.Begin();
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        monitor.Dispose();
        return Task.CompletedTask;
    }
}
