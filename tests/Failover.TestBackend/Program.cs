using System.Net;
using Failover.TestBackend;
using Microsoft.AspNetCore.Server.Kestrel.Core;

// A small real HTTP server for tests that kill, freeze and restart it: --name a --port 0 --journal FILE [--protocols Http2]. It prints its port, and ends when its standard input does.
WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
HttpProtocols protocols = builder.Configuration.GetValue("protocols", HttpProtocols.Http1);
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, builder.Configuration.GetValue("port", 0), listen => listen.Protocols = protocols));
await using WebApplication app = builder.Build();

string name = builder.Configuration["name"] ?? "backend";
using var journal = new Journal(builder.Configuration["journal"] ?? throw new InvalidOperationException("--journal is missing."));
var fault = new Fault();

// Not subject to faults, and not in the journal.
app.MapPost("/control/fault", (string kind, int? ms) => fault.Set(kind, ms ?? 0));

app.UseWhen(context => !context.Request.Path.StartsWithSegments("/control"), faulty => faulty.Use(async (context, next) =>
{
    journal.Hit(context.Request.Method, context.Request.Path);
    if (!await fault.ApplyAsync(context))
    {
        await next(context);
    }
}));
app.UseRouting();
app.MapGet("/health", () => "ok");
app.MapGet("/work", () => name);
app.MapPost("/orders", async (HttpContext context) =>
{
    using var reader = new StreamReader(context.Request.Body);
    string id = await reader.ReadToEndAsync(context.RequestAborted);
    journal.Executed(id);
    return name;
});

// As an order, but it takes its time.
app.MapPost("/orders/slow", async (HttpContext context, int ms) =>
{
    using var reader = new StreamReader(context.Request.Body);
    string id = await reader.ReadToEndAsync(context.RequestAborted);
    await Task.Delay(ms, context.RequestAborted);
    journal.Executed(id);
    return name;
});

// A line every 20 milliseconds, as long as somebody reads.
app.MapGet("/stream", async (HttpContext context) =>
{
    for (int line = 0; !context.RequestAborted.IsCancellationRequested; line++)
    {
        await context.Response.WriteAsync($"{line}\n", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        await Task.Delay(20, context.RequestAborted);
    }
});

// Breaks its connection, whoever sends it.
app.Map("/poison", (HttpContext context) => context.Abort());

await app.StartAsync();
Console.WriteLine($"LISTENING {new Uri(app.Urls.First()).Port}");
while (await Console.In.ReadLineAsync() is not null)
{
}
