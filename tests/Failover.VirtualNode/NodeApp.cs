using System.Globalization;
using System.Net;
using System.Text;
using Failover.AspNetCore;

namespace Failover.VirtualNode;

/// <summary>
/// The app: <c>/</c> answers its name on every address, <c>/health/vrrp</c> whether it can serve, and <c>/health/peer</c> its peer, at the management address. A socket that is a file is for the test alone, and no network stands before it:
/// <c>--Node node-a --Port 8080 --Management 10.214.0.1 --Admin /tmp/…/admin.sock</c>. It drives keepalived if
/// <c>Failover:Groups:site</c> says how.
/// </summary>
internal static class NodeApp
{
    internal const string Site = "site";

    internal static async Task<int> RunAsync(string[] args)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args);
        ConfigurationManager settings = builder.Configuration;
        (string node, string admin) = (Required(settings, "Node"), Required(settings, "Admin"));
        builder.Logging.SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning).AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss.fff "));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.ListenAnyIP(Port(settings, "Port"));
            kestrel.Listen(IPAddress.Parse(Required(settings, "Management")), Port(settings, "ManagementPort"));
            kestrel.ListenUnixSocket(admin);
        });

        // Whoever killed it left the socket.
        File.Delete(admin);
        Dictionary<string, NodeSwitch> switches = new() { ["local"] = new(), ["shared"] = new() };
        IHealthChecksBuilder checks = builder.Services.AddHealthChecks();
        foreach ((string name, NodeSwitch check) in switches)
        {
            checks.AddCheck(name, check, tags: [name]);
        }

        IFailoverBuilder failover = builder.Services.AddFailover(settings.GetSection("Failover")).AddHealthEndpoints().AddPeers();
        if (settings.GetSection($"Failover:Groups:{Site}").Exists())
        {
            failover.AddKeepalived(Site, static _ => { });
            checks.AddKeepalived(Site);
            builder.Services.AddSingleton<NodeMoves>().AddHostedService(static services => services.GetRequiredService<NodeMoves>());
        }

        await using WebApplication app = builder.Build();
        byte[] answer = Encoding.ASCII.GetBytes(node);
        app.MapGet("/", async context =>
        {
            context.Response.ContentLength = answer.Length;
            await context.Response.Body.WriteAsync(answer);
        }).ShortCircuit();
        app.MapFailoverHealth("/health/vrrp", HealthVerdict.CanServe);
        app.MapFailoverHealth("/health", HealthVerdict.Operational);
        app.MapFailoverPeer("/health/peer");
        AdminEndpoints.Map(app, switches);
        await app.StartAsync();
        Console.WriteLine("ready");
        AddressClient.EndWith(Console.In);
        await app.WaitForShutdownAsync();
        return 0;
    }

    private static string Required(IConfiguration settings, string key) => settings[key] ?? throw new ArgumentException($"--{key} is missing.");

    private static int Port(IConfiguration settings, string key) => int.Parse(Required(settings, key), CultureInfo.InvariantCulture);
}
