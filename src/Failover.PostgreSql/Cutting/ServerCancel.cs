using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Failover.PostgreSql.Cutting;

/// <summary>PostgreSQL's cancel request, over a socket of its own. It goes in clear text, as that of libpq does: it holds no more than the key of one session.</summary>
internal static class ServerCancel
{
    private const int Length = 16;
    private const int RequestCode = 80877102;

    /// <summary>Asks a server to cancel what a session runs. Ends when the server has closed the socket, which it does after it passed the request on, or at the limit. Never throws.</summary>
    /// <returns>Whether the server has taken it, so that it can hit nothing that is sent from now on.</returns>
    internal static async Task<bool> SendAsync(EndPoint server, int processId, int secretKey, TimeProvider time, TimeSpan limit)
    {
        try
        {
            using CancellationTokenSource end = new(limit, time);
            using Socket socket = new(server.AddressFamily, SocketType.Stream, server is IPEndPoint ? ProtocolType.Tcp : ProtocolType.Unspecified);
            await socket.ConnectAsync(server, end.Token).ConfigureAwait(false);
            byte[] request = new byte[Length];
            BinaryPrimitives.WriteInt32BigEndian(request, Length);
            BinaryPrimitives.WriteInt32BigEndian(request.AsSpan(4), RequestCode);
            BinaryPrimitives.WriteInt32BigEndian(request.AsSpan(8), processId);
            BinaryPrimitives.WriteInt32BigEndian(request.AsSpan(12), secretKey);
            await socket.SendAsync(request, end.Token).ConfigureAwait(false);
            await socket.ReceiveAsync(request, end.Token).ConfigureAwait(false);
            return true;
        }
        catch (SocketException e)
        {
            // Refused: nobody is there. Reset: the server closes so at times.
            return e.SocketErrorCode is SocketError.ConnectionRefused or SocketError.ConnectionReset;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
