using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace NightlyJob.Demo;

/// <summary>What a server of the demo needs and yours does not: it tells how it stands, line by line, and ends with the demo.</summary>
internal static class DemoHost
{
    internal static void AddDemo(this HostApplicationBuilder builder)
    {
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Warning).AddFilter("Failover.IPrimaryGate", LogLevel.Information).AddSimpleConsole(static console => console.SingleLine = true);
        builder.Services.AddSingleton<IHealthCheckPublisher, HealthLine>();
        builder.Services.Configure<HealthCheckPublisherOptions>(static publisher => (publisher.Delay, publisher.Period) = (TimeSpan.Zero, TimeSpan.FromSeconds(1)));
        _ = Task.Run(static async () =>
        {
            while (await Console.In.ReadLineAsync() is not null)
            {
            }

            Environment.Exit(1);
        });
    }
}
