using System.Buffers.Binary;
using System.Net.Sockets;
using Failover.TestServers.Network;

namespace Failover.TestServers.Dns;

/// <summary>A server of TCP that answers each request with whatever a test wants.</summary>
public sealed class FakeNameServer : IAsyncDisposable
{
    private readonly Acceptor _acceptor;
    private readonly Func<byte[], byte[]> _answer;
    private readonly bool _closes;
    private readonly List<byte[]> _requests = [];

    private FakeNameServer(Func<byte[], byte[]> answer, bool closes)
    {
        (_answer, _closes) = (answer, closes);
        _acceptor = new(ServeAsync);
    }

    /// <summary>Gets the port.</summary>
    public int Port => _acceptor.EndPoint.Port;

    /// <summary>Gets the messages that were received, without the length before them.</summary>
    public IReadOnlyList<byte[]> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>Starts a server.</summary>
    /// <param name="answer">What is sent for a message: bytes as they are, with their length before them or without.</param>
    /// <param name="closes">Whether the connection is closed then.</param>
    public static FakeNameServer Start(Func<byte[], byte[]> answer, bool closes = true) => new(answer, closes);

    /// <summary>Puts the length of a message before it.</summary>
    public static byte[] Framed(params ReadOnlySpan<byte> message) => [(byte)(message.Length >> 8), (byte)message.Length, .. message];

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _acceptor.DisposeAsync();

    private async Task ServeAsync(TcpClient client, CancellationToken stop)
    {
        NetworkStream stream = client.GetStream();
        do
        {
            byte[] length = new byte[2];
            await stream.ReadExactlyAsync(length, stop);
            byte[] request = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
            await stream.ReadExactlyAsync(request, stop);
            lock (_requests)
            {
                _requests.Add(request);
            }

            await stream.WriteAsync(_answer(request), stop);
        }
        while (!_closes);
    }
}
