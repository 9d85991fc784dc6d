using System.Diagnostics;
using System.Net.Sockets;

namespace Failover.Scenarios.Servers;

/// <summary>An idle connection to a server, watched by a thread of its own: sees to the fraction of a millisecond when the server's connections break, however busy the process is.</summary>
internal sealed class Witness : IDisposable
{
    private readonly TaskCompletionSource<long> _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp);

    internal Witness(Uri server)
    {
        _socket.Connect(server.Host, server.Port);
        new Thread(Watch) { IsBackground = true, Name = "witness", Priority = ThreadPriority.Highest }.Start();
    }

    internal Task<long> BrokenAsync(TimeSpan limit) => _broken.Task.WaitAsync(limit);

    public void Dispose() => _socket.Dispose();

    private void Watch()
    {
        // Without an exception, whatever it is that ends it.
        _socket.Receive(new byte[1], 0, 1, SocketFlags.None, out _);
        _broken.TrySetResult(Stopwatch.GetTimestamp());
    }
}
