using System.Net;
using System.Net.Sockets;

namespace OrdersOnPatroni.Shop;

/// <summary>What a demo needs and an app of yours does not.</summary>
internal static class DemoSettings
{
    internal static void AddDemoSettings(this WebApplicationBuilder builder)
    {
        int[] ports = [FreePort(), FreePort()];
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => Array.ForEach(ports, port => kestrel.Listen(IPAddress.Loopback, port)));
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            // Shortened, so that each second shows something: the defaults are 10 s and 2 s.
            ["Failover:Health:Period"] = "00:00:01",
            ["Failover:Health:FailurePeriod"] = "00:00:00.300",
            ["Failover:HealthEndpoints:ManagementPort"] = $"{ports[1]}",
            ["Demo:Port"] = $"{ports[0]}",
        });
    }

    internal static Uri Shop(this WebApplication app) => new($"http://127.0.0.1:{app.Configuration["Demo:Port"]}");

    /// <summary>Where operators see more than the status.</summary>
    internal static Uri Operators(this WebApplication app) => new($"http://127.0.0.1:{app.Configuration["Failover:HealthEndpoints:ManagementPort"]}");

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
