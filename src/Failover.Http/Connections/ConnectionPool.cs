using Failover.Http.Addresses;

namespace Failover.Http.Connections;

/// <summary>Connections that are left together, as those are that were opened between two moves of a client.</summary>
/// <param name="handler">What opens them.</param>
/// <param name="first">The member that requests go to first as long as these are used; null if that does not matter.</param>
internal sealed class ConnectionPool(SocketsHttpHandler handler, FailoverMember? first) : DelegatingHandler(handler)
{
    /// <summary>Far below zero, and far from an overflow, however many requests are about to be sent.</summary>
    private const int Left = int.MinValue / 2;

    private readonly HttpAddress? _first = first is null ? null : new(first.Address);

    /// <summary>How many requests are about to be sent, or wait for headers where that needs the handler; below zero once the pool was left.</summary>
    private int _entered;

    private bool IsPinged => handler.KeepAlivePingDelay != Timeout.InfiniteTimeSpan;

    /// <summary>Whether requests to this address go to the first member, or it does not matter where they go: where there are pings, connections are not closed anyway.</summary>
    internal bool IsFor(Uri address) =>
        _first is null || _first.IsPrefixOf(address.OriginalString) || !address.IsAbsoluteUri || _first.IsSameOrigin(address) || IsPinged;

    /// <summary>Whether a request may be sent here: call <see cref="Exit"/> when that is done. False once the pool was left.</summary>
    internal bool TryEnter()
    {
        if (Interlocked.Increment(ref _entered) > 0)
        {
            return true;
        }

        Exit();
        return false;
    }

    internal void Exit()
    {
        if (Interlocked.Decrement(ref _entered) == Left)
        {
            Close();
        }
    }

    /// <summary>
    /// No request enters any more. Idle connections are closed, and each of the others when the last of its requests has ended: that is what a <see cref="SocketsHttpHandler"/> does when it is disposed of. It cuts nothing, but it
    /// sends no more pings either. Who asked for pings keeps them; then idle connections end as .NET ends them, after <see cref="SocketsHttpHandler.PooledConnectionIdleTimeout"/>.
    /// </summary>
    internal void Leave()
    {
        if (!IsPinged && Interlocked.Add(ref _entered, Left) == Left)
        {
            Close();
        }
    }

    internal Task<HttpResponseMessage> BeginAsync(HttpRequestMessage request, CancellationToken cancellationToken) => base.SendAsync(request, cancellationToken);

    internal HttpResponseMessage SendNow(HttpRequestMessage request, CancellationToken cancellationToken) => base.Send(request, cancellationToken);

    // Hundreds of TLS connections may take milliseconds, and a stream of the user's may throw: not at the cost of the request that happens to come by.
    private void Close() => _ = Task.Run(Dispose);
}
