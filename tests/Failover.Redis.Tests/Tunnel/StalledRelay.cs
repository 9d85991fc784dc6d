using System.Net;
using System.Net.Sockets;

namespace Failover.Redis.Tests.Tunnel;

/// <summary>A way to a server on which its first answer stops amid its first value, and nothing comes after it.</summary>
internal sealed class StalledRelay : IAsyncDisposable
{
    private const int Answered = 20;

    private readonly CancellationTokenSource _stop = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _relaying;

    internal StalledRelay(int port)
    {
        _listener.Start();
        _relaying = RelayAsync(port);
    }

    internal int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _relaying;
        _stop.Dispose();
    }

    private async Task RelayAsync(int port)
    {
        try
        {
            using TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
            using TcpClient server = new();
            await server.ConnectAsync(IPAddress.Loopback, port, _stop.Token);
            byte[] buffer = new byte[1024];
            int count = await client.GetStream().ReadAsync(buffer, _stop.Token);
            await server.GetStream().WriteAsync(buffer.AsMemory(0, count), _stop.Token);
            await server.GetStream().ReadExactlyAsync(buffer.AsMemory(0, Answered), _stop.Token);
            await client.GetStream().WriteAsync(buffer.AsMemory(0, Answered), _stop.Token);
            await Task.Delay(Timeout.Infinite, _stop.Token);
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }
}
