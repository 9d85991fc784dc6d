using Failover.Http.Connections;

namespace Failover.DnsSwitching.Following;

/// <summary>
/// Stands before the <see cref="SocketsHttpHandler"/> of a client and opens the connections in its place, by copies of it: by another one for a name that leads elsewhere. The given handler itself is never used: others may share it. Where something else
/// opens the connections in the same manner (the handler of Failover.Http), and can move them, that is told instead.
/// </summary>
/// <param name="follower">Follows the names.</param>
/// <param name="given">The next handler; disposed of with this one.</param>
/// <param name="copy">Makes a handler like a given one that has connections of its own.</param>
internal sealed class FollowingHandler(DnsFollower follower, HttpMessageHandler given, Func<SocketsHttpHandler, SocketsHttpHandler> copy) : DelegatingHandler(given), INamePoolMover
{
    private readonly Lock _gate = new();
    private IDisposable? _followed;
    private volatile NamedPools? _pools;
    private volatile bool _isBegun;
    private bool _isDisposed;

    public IReadOnlyCollection<string> Names => _pools?.Names ?? [];

    /// <summary>Gets the connections; null before the first request, and where something else opens them.</summary>
    internal NamedPools? Pools => _pools;

    public ValueTask MoveAsync(NameMove move, CancellationToken cancellationToken)
    {
        _pools?.Leave(move.Name);
        return ValueTask.CompletedTask;
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Begun() is { } pools ? Enter(pools, request).SendAndExitAsync(request, cancellationToken) : base.SendAsync(request, cancellationToken);

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Begun() is { } pools ? Enter(pools, request).SendAndExit(request, cancellationToken) : base.Send(request, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            lock (_gate)
            {
                _isDisposed = true;
                _followed?.Dispose();
                _pools?.Dispose();
            }
        }

        base.Dispose(disposing);
    }

    private ConnectionPool Enter(NamedPools pools, HttpRequestMessage request)
    {
        ConnectionPool pool = pools.Enter(request.RequestUri, out bool isNew);
        if (isNew)
        {
            // From now on it is looked at, though a connect callback of the user's may never ask for it.
            follower.LookFor(request.RequestUri!.IdnHost);
        }

        return pool;
    }

    /// <summary>What stands behind this handler is known for certain only when the first request comes.</summary>
    private NamedPools? Begun()
    {
        if (_isBegun)
        {
            return _pools;
        }

        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (!_isBegun)
            {
                if (InnerHandler is SocketsHttpHandler sockets)
                {
                    _pools = new NamedPools(() => copy(sockets), follower);
                    _followed = follower.Follow(this);
                }
                else if (InnerHandler is INamePoolMover mover)
                {
                    _followed = follower.Follow(mover);
                }

                _isBegun = true;
            }

            return _pools;
        }
    }
}
