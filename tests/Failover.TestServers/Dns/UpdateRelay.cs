using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Failover.TestServers.Network;

namespace Failover.TestServers.Dns;

/// <summary>Stands before a name server of the loopback, over TCP, and can hold back updates (RFC 2136), or the answers to them, until they are let through. All else passes.</summary>
public sealed class UpdateRelay : IAsyncDisposable
{
    /// <summary>RFC 2136, section 2.2: the opcode of an update.</summary>
    private const int Update = 5;

    private readonly Acceptor _acceptor;
    private readonly int _port;
    private volatile TaskCompletionSource? _updates;
    private volatile TaskCompletionSource? _answers;
    private int _heldUpdates;
    private int _heldAnswers;
    private int _answered;

    private UpdateRelay(int port)
    {
        _port = port;
        _acceptor = new(ServeAsync);
    }

    /// <summary>Gets the port to connect to.</summary>
    public int Port => _acceptor.EndPoint.Port;

    /// <summary>Gets how many updates came whole and were held back, ever.</summary>
    public int HeldUpdates => Volatile.Read(ref _heldUpdates);

    /// <summary>Gets how many answers to updates were held back, ever: the server had done what it was asked.</summary>
    public int HeldAnswers => Volatile.Read(ref _heldAnswers);

    /// <summary>Gets how many answers to updates the server has given, those that were held back included.</summary>
    public int Answered => Volatile.Read(ref _answered);

    /// <summary>Starts a relay.</summary>
    /// <param name="port">The port of the server.</param>
    public static UpdateRelay Start(int port) => new(port);

    /// <summary>From now on an update is taken whole, and reaches the server when it is let through.</summary>
    public void HoldUpdates() => _updates = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>From now on the answer to an update reaches the client when it is let through.</summary>
    public void HoldAnswers() => _answers = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Lets through what was held back, and all that comes, also for a client that has gone meanwhile: what it sent is on its way.</summary>
    public void Release()
    {
        _updates?.TrySetResult();
        _answers?.TrySetResult();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _acceptor.DisposeAsync();

    private async Task ServeAsync(TcpClient client, CancellationToken stop)
    {
        using TcpClient server = new();
        await server.ConnectAsync(IPAddress.Loopback, _port, stop);

        // Both at first: what has been shut down has no stream any more.
        (NetworkStream asks, NetworkStream answers) = (client.GetStream(), server.GetStream());
        await Task.WhenAll(PassAsync(asks, answers, isAnswer: false, stop), PassAsync(answers, asks, isAnswer: true, stop));
    }

    /// <summary>Passes whole messages on: over TCP each has its length before it.</summary>
    private async Task PassAsync(NetworkStream from, NetworkStream to, bool isAnswer, CancellationToken stop)
    {
        byte[] buffer = new byte[2 + ushort.MaxValue];
        while (await from.ReadAtLeastAsync(buffer.AsMemory(0, 2), 2, throwOnEndOfStream: false, stop) == 2)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(buffer);
            await from.ReadExactlyAsync(buffer.AsMemory(2, length), stop);
            if (length > 2 && ((buffer[4] >> 3) & 0xF) == Update)
            {
                if (isAnswer)
                {
                    Interlocked.Increment(ref _answered);
                }

                if ((isAnswer ? _answers : _updates) is { Task.IsCompleted: false } held)
                {
                    Interlocked.Increment(ref isAnswer ? ref _heldAnswers : ref _heldUpdates);
                    await held.Task.WaitAsync(stop);
                }
            }

            await to.WriteAsync(buffer.AsMemory(0, 2 + length), stop);
        }

        to.Socket.Shutdown(SocketShutdown.Send);
    }
}
