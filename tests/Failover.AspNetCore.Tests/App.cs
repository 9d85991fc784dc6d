using System.Net;
using System.Net.Sockets;
using Failover.HealthChecks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace Failover.AspNetCore.Tests;

/// <summary>A real app on real Kestrel, on two ports that nobody else has. Its shutdown does not hold, unless a test sets it.</summary>
internal sealed class App : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly WebApplication _app;

    private App(WebApplication app, int port, int otherPort)
    {
        (_app, Port, OtherPort) = (app, port, otherPort);
        Client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = new($"http://127.0.0.1:{port}"), Timeout = Patience };
    }

    internal int Port { get; }

    internal int OtherPort { get; }

    internal HttpClient Client { get; }

    internal IServiceProvider Services => _app.Services;

    internal NodeDrain Drain => Services.GetRequiredService<NodeDrain>();

    internal NodeHealth Health => Services.GetRequiredService<NodeHealth>();

    internal FakeLogCollector Log => Services.GetFakeLogCollector();

    /// <summary>Settings that make checks run often, and stops not wait.</summary>
    internal static Dictionary<string, string?> Settings => new()
    {
        ["Failover:Health:Period"] = "00:00:00.100",
        ["Failover:Health:FailurePeriod"] = "00:00:00.100",
        ["Failover:Health:Fall"] = "1",
        ["Failover:Draining:Hold"] = "00:00:00",
    };

    /// <summary>Starts an app with <c>/health</c> and its like.</summary>
    internal static Task<App> StartAsync(params (string Name, IHealthCheck Check, string[] Tags)[] checks) =>
        StartAsync(builder =>
        {
            foreach ((string name, IHealthCheck check, string[] tags) in checks)
            {
                builder.Services.AddHealthChecks().AddCheck(name, check, tags: tags);
            }
        });

    /// <summary>Starts an app.</summary>
    /// <param name="build">Adds to its services.</param>
    /// <param name="map">Maps its endpoints; <c>/health</c> and its like if null. It gets the other port as well.</param>
    /// <param name="protocols">What it speaks.</param>
    /// <param name="port">The port of an app that has ended; 0 for a free one.</param>
    internal static async Task<App> StartAsync(Action<WebApplicationBuilder> build, Action<WebApplication, int>? map = null, HttpProtocols protocols = HttpProtocols.Http1, int port = 0)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        Socket[] listeners = [Bound(port), Bound(0)];
        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndPoint!).Port)];
        builder.Configuration.AddInMemoryCollection(Settings);
        builder.Logging.ClearProviders().AddFakeLogging().SetMinimumLevel(LogLevel.Debug);
        builder.WebHost.ConfigureKestrel(kestrel => Array.ForEach(ports, port => kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = protocols)));
        builder.Services.Configure<SocketTransportOptions>(sockets => sockets.CreateBoundListenSocket = endpoint => listeners.Single(listener => endpoint.Equals(listener.LocalEndPoint)));
        builder.Services.AddFailover(builder.Configuration.GetSection("Failover")).AddHealthEndpoints();
        build(builder);
        WebApplication app = builder.Build();
        (map ?? ((app, _) => app.MapFailoverHealth("/health")))(app, ports[1]);
        try
        {
            await app.StartAsync();
        }
        catch
        {
            await app.DisposeAsync();
            Array.ForEach(listeners, listener => listener.Dispose());
            throw;
        }

        return new(app, ports[0], ports[1]);
    }

    /// <summary>Waits until something holds.</summary>
    internal static Task UntilAsync(Func<bool> holds, string what) => UntilAsync(() => Task.FromResult(holds()), what);

    /// <inheritdoc cref="UntilAsync(Func{bool}, string)"/>
    internal static async Task UntilAsync(Func<Task<bool>> holds, string what)
    {
        using CancellationTokenSource limit = new(Patience);
        while (!await holds())
        {
            Assert.False(limit.IsCancellationRequested, $"It did not come about in {Patience.TotalSeconds} seconds: {what}.");
            await Task.Delay(5);
        }
    }

    internal Task OperationalAsync() => UntilAsync(() => Health.Verdicts.Operational, "the node is operational");

    internal Task NotOperationalAsync() => UntilAsync(() => !Health.Verdicts.Operational, "the node is not operational");

    internal async Task<string> BodyAsync(string path) => await (await Client.GetAsync(path)).Content.ReadAsStringAsync();

    internal async Task<HttpStatusCode> StatusAsync(string path)
    {
        using HttpResponseMessage response = await Client.GetAsync(path);
        return response.StatusCode;
    }

    internal static string On(int port, string path) => $"http://127.0.0.1:{port}{path}";

    internal Task StopAsync() => _app.StopAsync();

    internal void Stopping() => _app.Lifetime.StopApplication();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }

    private static Socket Bound(int port)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        return socket;
    }
}
