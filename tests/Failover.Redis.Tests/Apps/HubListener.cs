using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;

namespace Failover.Redis.Tests.Apps;

/// <summary>A client of a hub, which makes no second connection.</summary>
internal sealed class HubListener : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _heard = [];
    private readonly HubConnection _connection;
    private int _losses;

    private HubListener(HubHost host)
    {
        _connection = new HubConnectionBuilder().WithUrl(host.Hub, HttpTransportType.WebSockets).Build();
        _connection.On<string>(HubHost.Said, _heard.Enqueue);
        _connection.Closed += _ =>
        {
            Interlocked.Increment(ref _losses);
            return Task.CompletedTask;
        };
    }

    internal IReadOnlyCollection<string> Heard => _heard;

    /// <summary>How often the connection was closed.</summary>
    internal int Losses => Volatile.Read(ref _losses);

    internal static async Task<HubListener> StartAsync(HubHost host)
    {
        HubListener listener = new(host);
        await listener._connection.StartAsync();
        return listener;
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
