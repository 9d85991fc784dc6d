using System.Net.Sockets;

namespace Failover.AspNetCore.Tests.Processes;

/// <summary>A socket in the file system.</summary>
internal static class UnixSocket
{
    /// <summary>Whether somebody takes connections on it: the file is there a moment before that.</summary>
    internal static bool Listens(string path)
    {
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
