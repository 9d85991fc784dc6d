using System.Net;
using System.Net.Sockets;

namespace Failover.Scenarios.Servers;

/// <summary>
/// Keeps a loopback port while its server is dead: bound, but not listening, so that connecting to it is refused as it would be without. Else the system might give the port to some
/// other process, or to a client's own end of a connection, and the server could not come back on it.
/// </summary>
internal sealed class PortReservation : IDisposable
{
    private readonly Socket? _socket;

    /// <summary>Takes a free port of 127.0.0.1.</summary>
    internal PortReservation()
        : this(IPAddress.Loopback, 0)
    {
    }

    /// <summary>Takes this port of a loopback address.</summary>
    internal PortReservation(IPAddress address, int port)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(new IPEndPoint(address, port));
        Port = ((IPEndPoint)socket.LocalEndPoint!).Port;
        if (OperatingSystem.IsLinux())
        {
            _socket = socket;
        }
        else
        {
            // Elsewhere a bound port cannot be shared like that: take the number and hope.
            socket.Dispose();
        }
    }

    internal int Port { get; }

    public void Dispose() => _socket?.Dispose();
}
