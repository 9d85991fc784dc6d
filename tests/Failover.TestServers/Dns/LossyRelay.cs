using System.Net;
using System.Net.Sockets;
using Failover.TestServers.Network;

namespace Failover.TestServers.Dns;

/// <summary>Stands before a server of the loopback and passes on what clients send, but the first answer gets lost: the server has done what it was asked, and nobody hears of it.</summary>
public sealed class LossyRelay : IAsyncDisposable
{
    private readonly Acceptor _acceptor;
    private readonly int _port;
    private readonly bool _closes;
    private int _lost;

    private LossyRelay(int port, bool closes)
    {
        (_port, _closes) = (port, closes);
        _acceptor = new(ServeAsync);
    }

    /// <summary>Gets the port to connect to.</summary>
    public int Port => _acceptor.EndPoint.Port;

    /// <summary>Starts a relay.</summary>
    /// <param name="port">The port of the server.</param>
    /// <param name="closes">Whether the connection is reset when the answer comes; else nothing happens on it any more.</param>
    public static LossyRelay Start(int port, bool closes) => new(port, closes);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _acceptor.DisposeAsync();

    private async Task ServeAsync(TcpClient client, CancellationToken stop)
    {
        using TcpClient server = new();
        await server.ConnectAsync(IPAddress.Loopback, _port, stop);
        (NetworkStream asks, NetworkStream answers) = (client.GetStream(), server.GetStream());
        Task there = asks.CopyToAsync(answers, stop);
        byte[] buffer = new byte[65_537];
        while (await answers.ReadAsync(buffer, stop) is > 0 and var count)
        {
            if (Interlocked.Exchange(ref _lost, 1) == 0)
            {
                if (_closes)
                {
                    client.Client.LingerState = new(true, 0);
                    return;
                }

                await Task.Delay(Timeout.Infinite, stop);
            }

            await asks.WriteAsync(buffer.AsMemory(0, count), stop);
        }

        await there;
    }
}
