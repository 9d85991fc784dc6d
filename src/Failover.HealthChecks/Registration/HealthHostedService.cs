using Failover.HealthChecks.Evaluation;
using Microsoft.Extensions.Hosting;

namespace Failover.HealthChecks.Registration;

/// <summary>Starts the checks with the host, before other hosted services, and ends them after those have stopped: until then somebody may ask.</summary>
internal sealed class HealthHostedService(HealthMonitor monitor) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        monitor.Begin();
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // A host that is older knows only this.
        monitor.Begin();
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // The container disposes of the monitor.
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
