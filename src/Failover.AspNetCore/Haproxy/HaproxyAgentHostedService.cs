using Microsoft.Extensions.Hosting;

namespace Failover.AspNetCore.Haproxy;

/// <summary>The agent answers from before the app listens until after its last request has ended: HAProxy takes an agent that is gone for no news.</summary>
internal sealed class HaproxyAgentHostedService(HaproxyAgent agent) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        agent.Begin();
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        agent.Serve();
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // The container disposes of the agent.
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
