using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Failover.Registration;

/// <summary>Stops the start of an app whose pools are to follow names while nobody watches those.</summary>
internal sealed class NameMoversCheck(IServiceProvider services) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => services.GetService<INameFollower>() is null
        ? throw new InvalidOperationException("Pools are to follow names of DNS, but nobody watches those: call AddFailover().AddDnsFollower(), of the package Failover.DnsSwitching.")
        : Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
