using System.Net;

// A small real node with health endpoints, for tests that send it signals. Settings come as arguments: --Failover:Draining:Hold 00:00:02. It prints its port, and ends when its standard input does.
WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
builder.Services.AddFailover(builder.Configuration.GetSection("Failover")).AddHealthEndpoints();
await using WebApplication app = builder.Build();
app.MapFailoverHealth("/health");
app.MapGet("/work", async (HttpContext context, int ms) =>
{
    await Task.Delay(ms, context.RequestAborted);
    return "done";
});

await app.StartAsync();
Console.WriteLine($"LISTENING {new Uri(app.Urls.First()).Port}");
_ = Task.Run(async () =>
{
    while (await Console.In.ReadLineAsync() is not null)
    {
    }

    // Whoever started it is gone.
    Environment.Exit(1);
});
await app.WaitForShutdownAsync();
