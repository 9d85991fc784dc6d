using System.Net;
using System.Net.Sockets;

namespace Failover.TestServers.Dns;

/// <summary>Stands before a server of the loopback and passes on what clients send, but the first answer gets lost: the server has done what it was asked, and nobody hears of it.</summary>
public sealed class LossyRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _port;
    private readonly bool _closes;
    private readonly Task _accepting;
    private int _lost;

    private LossyRelay(int port, bool closes)
    {
        (_port, _closes) = (port, closes);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    /// <summary>Gets the port to connect to.</summary>
    public int Port { get; }

    /// <summary>Starts a relay.</summary>
    /// <param name="port">The port of the server.</param>
    /// <param name="closes">Whether the connection is reset when the answer comes; else nothing happens on it any more.</param>
    public static LossyRelay Start(int port, bool closes) => new(port, closes);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> served = [];
        try
        {
            while (true)
            {
                served.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(served);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using TcpClient its = client, server = new();
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _port, _stop.Token);
            Task there = its.GetStream().CopyToAsync(server.GetStream(), _stop.Token);
            byte[] buffer = new byte[65_537];
            while (await server.GetStream().ReadAsync(buffer, _stop.Token) is > 0 and var count)
            {
                if (Interlocked.Exchange(ref _lost, 1) == 0)
                {
                    if (_closes)
                    {
                        its.Client.LingerState = new(true, 0);
                        return;
                    }

                    await Task.Delay(Timeout.Infinite, _stop.Token);
                }

                await its.GetStream().WriteAsync(buffer.AsMemory(0, count), _stop.Token);
            }

            await there;
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException)
        {
            // What one side does, the other sees.
        }
    }
}
