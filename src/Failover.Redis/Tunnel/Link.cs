using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;

namespace Failover.Redis.Tunnel;

/// <summary>One connection of a multiplexer's. Safe for any thread.</summary>
/// <param name="socket">Its socket, which the multiplexer owns.</param>
/// <param name="type">What it is for.</param>
/// <param name="to">Where it leads.</param>
internal sealed class Link(Socket socket, ConnectionType type, EndPoint to)
{
    private int _handoff;

    /// <summary>Gets where it leads.</summary>
    internal EndPoint To { get; } = to;

    /// <summary>Gets whether commands go over it: one that only listens is moved together with that.</summary>
    internal bool IsForCommands { get; } = type == ConnectionType.Interactive;

    /// <summary>Gets or sets its stream; null until it is made.</summary>
    internal HandoffStream? Stream { get; set; }

    /// <summary>Gets whether the multiplexer was told that the server moves, and the connection was not cut since.</summary>
    internal bool IsInHandoff => Volatile.Read(ref _handoff) == 1;

    /// <summary>Notes that the multiplexer is told; false if it was before.</summary>
    internal bool TryBeginHandoff() => Interlocked.CompareExchange(ref _handoff, 1, 0) == 0;

    /// <summary>Ends both directions at once: what waits for an answer ends, on a frozen server too. The multiplexer closes the socket then.</summary>
    internal void Cut()
    {
        Volatile.Write(ref _handoff, 2);
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It has ended already, or is not connected yet: then what comes of it is refused.
        }
    }
}
