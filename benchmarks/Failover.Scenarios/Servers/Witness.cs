using System.Diagnostics;
using System.Net.Sockets;

namespace Failover.Scenarios.Servers;

/// <summary>
/// Idle connections to a server, the first and the last that it has, watched by a thread of its own: sees to the fraction of a millisecond when the server's connections break, however busy the process is.
/// The operating system closes those of a dead process one after the other, newest first, and on a busy machine it may pause between two for tens of milliseconds.
/// </summary>
internal sealed class Witness : IDisposable
{
    private readonly TaskCompletionSource<long> _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Uri _server;
    private readonly Socket _first;
    private Socket? _last;

    /// <summary>To be made before anybody else connects to the server.</summary>
    internal Witness(Uri server)
    {
        _server = server;
        _first = Connect();
    }

    /// <summary>Begins to watch, just before the end.</summary>
    /// <param name="limit">How long to wait at most.</param>
    /// <returns>When the last of the two broke.</returns>
    internal Task<long> BrokenAsync(TimeSpan limit)
    {
        _last = Connect();
        new Thread(Watch) { IsBackground = true, Name = "witness", Priority = ThreadPriority.Highest }.Start();
        return _broken.Task.WaitAsync(limit);
    }

    public void Dispose()
    {
        _first.Dispose();
        _last?.Dispose();
    }

    private Socket Connect()
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(_server.Host, _server.Port);
        return socket;
    }

    private void Watch()
    {
        // Without an exception, whatever it is that ends it.
        _last!.Receive(new byte[1], 0, 1, SocketFlags.None, out _);
        _first.Receive(new byte[1], 0, 1, SocketFlags.None, out _);
        _broken.TrySetResult(Stopwatch.GetTimestamp());
    }
}
