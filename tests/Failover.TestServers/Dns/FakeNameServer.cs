using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Failover.TestServers.Dns;

/// <summary>A server of TCP that answers each request with whatever a test wants.</summary>
public sealed class FakeNameServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<byte[], byte[]> _answer;
    private readonly bool _closes;
    private readonly List<byte[]> _requests = [];
    private readonly Task _accepting;

    private FakeNameServer(Func<byte[], byte[]> answer, bool closes)
    {
        (_answer, _closes) = (answer, closes);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    /// <summary>Gets the port.</summary>
    public int Port { get; }

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
        using TcpClient its = client;
        try
        {
            NetworkStream stream = its.GetStream();
            while (true)
            {
                byte[] length = new byte[2];
                await stream.ReadExactlyAsync(length, _stop.Token);
                byte[] request = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
                await stream.ReadExactlyAsync(request, _stop.Token);
                lock (_requests)
                {
                    _requests.Add(request);
                }

                await stream.WriteAsync(_answer(request), _stop.Token);
                if (_closes)
                {
                    return;
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException)
        {
            // The client has gone, or the test has ended.
        }
    }
}
