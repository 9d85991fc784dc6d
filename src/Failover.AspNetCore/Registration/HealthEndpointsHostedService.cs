using Failover.AspNetCore.Answers;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.Hosting;

namespace Failover.AspNetCore.Registration;

/// <summary>Looks at the endpoints when the app starts: before it listens where they are mapped by then, and after it for those that are mapped on the way.</summary>
internal sealed class HealthEndpointsHostedService(HealthEndpoints endpoints, IServiceProvider services) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => endpoints.CheckPoliciesAsync();

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        await endpoints.CheckPoliciesAsync().ConfigureAwait(false);
        endpoints.CheckPorts((IServer?)services.GetService(typeof(IServer)));
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
