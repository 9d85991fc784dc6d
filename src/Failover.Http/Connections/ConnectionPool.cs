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

    /// <summary>Gets whether it was left, and no request needs the handler any more.</summary>
    internal bool IsClosed => Volatile.Read(ref _entered) == Left;

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

    private void Exit()
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

    /// <summary>Sends a request that has entered. It exits as soon as it does not need the handler any more.</summary>
    internal Task<HttpResponseMessage> SendAndExitAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Task<HttpResponseMessage> answer;
        try
        {
            answer = SendAsync(request, cancellationToken);
        }
        catch
        {
            Exit();
            throw;
        }

        if (!answer.IsCompleted && MayShareAConnection(request))
        {
            return UntilAnsweredAsync(answer);
        }

        Exit();
        return answer;
    }

    /// <summary>Sends a request that has entered, and exits; blocks the thread.</summary>
    internal HttpResponseMessage SendAndExit(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return Send(request, cancellationToken);
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>
    /// Over HTTP/2 and HTTP/3 a request may wait for a connection that is being made, or for a free stream; a handler that is disposed of meanwhile ends it. Over HTTP/1.1 it gets its connection all the same.
    /// </summary>
    private static bool MayShareAConnection(HttpRequestMessage request) =>
        request.Version.Major > 1 || request.VersionPolicy == HttpVersionPolicy.RequestVersionOrHigher;

    private async Task<HttpResponseMessage> UntilAnsweredAsync(Task<HttpResponseMessage> answer)
    {
        try
        {
            return await answer.ConfigureAwait(false);
        }
        finally
        {
            Exit();
        }
    }

    // Hundreds of TLS connections may take milliseconds, and a stream of the user's may throw: not at the cost of the request that happens to come by.
    private void Close() => _ = Task.Run(Dispose);
}
