using System.Net;
using System.Net.Sockets;
using Failover;
using Failover.AspNetCore;
using Failover.TestNode;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

// A small real node with health endpoints, for tests that send it signals. Settings come as arguments: --Failover:Draining:Hold 00:00:02. It prints its port, that of its management and its log, and ends when its standard input does.
WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args);
using Socket management = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
management.Bind(new IPEndPoint(IPAddress.Loopback, 0));
int managementPort = ((IPEndPoint)management.LocalEndPoint!).Port;
builder.Configuration["Failover:HealthEndpoints:ManagementPort"] = $"{managementPort}";
builder.Services.Configure<SocketTransportOptions>(sockets => sockets.CreateBoundListenSocket = endpoint => endpoint.Equals(management.LocalEndPoint) ? management : SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint));
builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.Listen(IPAddress.Loopback, 0);
    kestrel.Listen(IPAddress.Loopback, managementPort);
});
IFailoverBuilder failover = builder.Services.AddFailover(builder.Configuration.GetSection("Failover")).AddHealthEndpoints();
if (builder.Configuration["Failover:HaproxyAgent:Port"] is not null)
{
    failover.AddHaproxyAgent();
}

NodeChecks.Add(builder);
await using WebApplication app = builder.Build();
app.MapFailoverHealth("/health");
app.MapFailoverHealth("/ui", options => options.Format = HealthFormat.HealthChecksUi);
app.MapHealthChecks("/dotnet");
app.MapMethods("/who", ["GET", "POST"], () => builder.Configuration["name"]);
app.MapGet("/work", async (HttpContext context, int ms) =>
{
    await Task.Delay(ms, context.RequestAborted);
    return "done";
});

// Takes threads of the pool until a line of standard input lets them go.
using ManualResetEventSlim released = new();
app.MapGet("/hold", (int threads) =>
{
    for (int thread = 0; thread < threads; thread++)
    {
        ThreadPool.UnsafeQueueUserWorkItem(static released => released.Wait(), released, preferLocal: false);
    }
});

await app.StartAsync();
Console.WriteLine($"LISTENING {new Uri(app.Urls.First()).Port} {managementPort}");

// On a thread of its own: it must be heard when the pool has none.
new Thread(() =>
{
    while (Console.In.ReadLine() is not null)
    {
        released.Set();
    }

    // Whoever started it is gone.
    Environment.Exit(1);
})
{ IsBackground = true }.Start();
await app.WaitForShutdownAsync();
