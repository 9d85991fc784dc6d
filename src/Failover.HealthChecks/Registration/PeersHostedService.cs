using Failover.HealthChecks.Peers;
using Microsoft.Extensions.Hosting;

namespace Failover.HealthChecks.Registration;

/// <summary>Asks the peers from the start of the host until it has stopped.</summary>
internal sealed class PeersHostedService(PeerPoller poller) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        poller.Begin();
        return Task.CompletedTask;
    }

    // A host that is older knows only this, and StopAsync; there the container ends it.
    public Task StartAsync(CancellationToken cancellationToken)
    {
        poller.Begin();
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        poller.Dispose();
        return Task.CompletedTask;
    }
}
