using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Failover.Contender;

/// <summary>Says how the health of this process stands, each time that it is another.</summary>
internal sealed class HealthTeller(HealthCheckService health) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        HealthStatus? told = null;
        using PeriodicTimer look = new(TimeSpan.FromMilliseconds(100));
        while (await look.WaitForNextTickAsync(stoppingToken))
        {
            HealthStatus now = (await health.CheckHealthAsync(stoppingToken)).Status;
            if (now != told)
            {
                told = now;
                Console.WriteLine($"health {now}");
            }
        }
    }
}
