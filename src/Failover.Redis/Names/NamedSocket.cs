using System.Net;
using System.Net.Sockets;

namespace Failover.Redis.Names;

/// <summary>One connection of a multiplexer's to a name, from before it is made. Safe for any thread.</summary>
/// <param name="host">The name.</param>
/// <param name="chosen">The address that was chosen last when it was begun.</param>
/// <param name="socket">Its socket, which the multiplexer owns.</param>
internal sealed class NamedSocket(string host, IPAddress chosen, Socket socket)
{
    private volatile IPAddress _address = chosen;
    private volatile bool _isConnected;

    internal string Host => host;

    /// <summary>Gets where it leads, for certain once it is connected.</summary>
    internal IPAddress Address => _address;

    /// <summary>Gets whether it was ever connected.</summary>
    internal bool IsConnected => _isConnected;

    /// <summary>Gets whether it leads anywhere, or may yet.</summary>
    internal bool IsOpen
    {
        get
        {
            try
            {
                // Only one that was closed throws.
                _ = socket.LocalEndPoint;
                return !_isConnected || socket.Connected;
            }
            catch (Exception exception) when (exception is ObjectDisposedException or SocketException)
            {
                return false;
            }
        }
    }

    /// <summary>Takes note that it is connected, and where to: several may have been begun at once, each to another address.</summary>
    internal void Connected()
    {
        try
        {
            // A socket for both families names an IPv4 address as one of IPv6.
            _address = socket.RemoteEndPoint is not IPEndPoint { Address: var address } ? _address : address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It has ended already.
        }

        _isConnected = true;
    }

    internal bool IsOf(Socket? other) => ReferenceEquals(other, socket);

    internal bool IsTo(string name) => host.AsSpan().TrimEnd('.').Equals(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>Ends it: what waits for an answer ends, on a frozen server too. The multiplexer closes it then. One that is still being made is refused when it is made.</summary>
    internal void Cut()
    {
        try
        {
            if (socket.Connected)
            {
                socket.Shutdown(SocketShutdown.Both);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It has ended already.
        }
    }
}
