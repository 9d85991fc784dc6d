using System.Net;
using System.Net.Sockets;

namespace Failover.DnsSwitching.Following;

/// <summary>Opens connections to where followed names lead: to the last good addresses, though DNS is away; and when none of them can be had, to where the name leads by now. For any thread.</summary>
internal sealed class FollowedConnect(DnsFollower follower)
{
    internal async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        DnsEndPoint to = context.DnsEndPoint;
        HashSet<IPAddress> tried = [];
        Exception? failure = null;
        IReadOnlyList<IPAddress> addresses = await follower.ResolveAsync(to.Host, cancellationToken).ConfigureAwait(false);
        if (addresses.Count == 0)
        {
            // An IP address, or a name that is not known: what says so best is the system.
            return await OpenAsync(AddressFamily.Unspecified, to, cancellationToken).ConfigureAwait(false);
        }

        for (bool isAgain = false; ; isAgain = true)
        {
            foreach (IPAddress address in addresses.Where(tried.Add))
            {
                try
                {
                    return await TryAsync(address, to.Port, cancellationToken).ConfigureAwait(false);
                }
                catch (Exception exception) when (exception is SocketException or OperationCanceledException)
                {
                    // The token is not that of a request but the handler's, whose ConnectTimeout may be shorter than ours: then too the next connection has to try another address first.
                    follower.ConnectFailed(to.Host, address);
                    cancellationToken.ThrowIfCancellationRequested();
                    failure = exception;
                }
            }

            if (isAgain)
            {
                throw failure as SocketException ?? new SocketException((int)SocketError.TimedOut);
            }

            addresses = await follower.ResolveAgainAsync(to.Host, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<Stream> TryAsync(IPAddress address, int port, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(follower.Options.ConnectTimeout, follower.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        return await OpenAsync(address.AddressFamily, new IPEndPoint(address, port), either.Token).ConfigureAwait(false);
    }

    private static async Task<Stream> OpenAsync(AddressFamily family, EndPoint to, CancellationToken cancellationToken)
    {
        // As SocketsHttpHandler does it.
        Socket socket = family == AddressFamily.Unspecified ? new(SocketType.Stream, ProtocolType.Tcp) : new(family, SocketType.Stream, ProtocolType.Tcp);
        socket.NoDelay = true;
        try
        {
            await socket.ConnectAsync(to, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
