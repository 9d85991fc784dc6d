using System.Net;

namespace Maintenance;

/// <summary>A server that says its name, or 503 if it is told to.</summary>
internal sealed class Backend : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Backend(string name)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.MapFallback(() => IsBroken ? Results.StatusCode(503) : Results.Text(name));
    }

    internal bool IsBroken { get; set; }

    internal Uri Address => new(_app.Urls.First());

    internal static async Task<Backend> StartAsync(string name)
    {
        Backend backend = new(name);
        await backend._app.StartAsync();
        return backend;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
