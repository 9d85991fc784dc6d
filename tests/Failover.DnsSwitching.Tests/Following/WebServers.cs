using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Failover.DnsSwitching.Tests.Following;

/// <summary>Two real HTTP servers on one port of two addresses of the loopback, each of which says where it is.</summary>
internal sealed class WebServers : IAsyncDisposable
{
    internal const string Old = "127.0.0.1";
    internal const string New = "127.0.0.2";

    private readonly TaskCompletionSource _slow = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<WebApplication> _apps = [];

    internal int Port { get; private set; }

    internal static async Task<WebServers> StartAsync()
    {
        WebServers servers = new();
        await servers.StartAsync(Old);
        await servers.StartAsync(New);
        return servers;
    }

    /// <summary>Lets the requests for <c>/slow</c> be answered.</summary>
    internal void AnswerSlow() => _slow.TrySetResult();

    /// <summary>Stops the server of an address.</summary>
    internal Task StopAsync(string address) => _apps[address == Old ? 0 : 1].StopAsync();

    public async ValueTask DisposeAsync()
    {
        AnswerSlow();
        foreach (WebApplication app in _apps)
        {
            await app.DisposeAsync();
        }
    }

    private async Task StartAsync(string address)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(server => server.Listen(IPAddress.Parse(address), Port));
        builder.WebHost.UseShutdownTimeout(TimeSpan.FromSeconds(1));
        WebApplication app = builder.Build();
        app.MapGet("/", () => address);
        app.MapGet("/slow", async () =>
        {
            await _slow.Task;
            return address;
        });
        await app.StartAsync();
        _apps.Add(app);
        Port = new Uri(app.Urls.First()).Port;
    }
}
