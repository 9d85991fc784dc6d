using System.Net.Sockets;

namespace Failover.Scenarios.Attempts;

/// <summary>The transport that every client gets: SocketsHttpHandler as it comes, but that its connection attempts are written down.</summary>
internal static class Transport
{
    internal static SocketsHttpHandler Create(AttemptLog log) => new()
    {
        ConnectCallback = async (context, cancellationToken) =>
        {
            log.Connect(context.DnsEndPoint.Port);

            // What the handler does without a callback.
            Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    };
}
