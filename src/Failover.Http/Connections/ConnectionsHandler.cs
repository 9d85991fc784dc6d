using Failover.Http.Addresses;

namespace Failover.Http.Connections;

/// <summary>
/// Stands before the <see cref="SocketsHttpHandler"/> that a client was given and opens the connections in its place, by copies of it: by a new one for the first request after the group has left a member. Connections to that member then
/// end as soon as they are idle, and a request that comes back to it later never meets one from before. Requests to members that are not the first have <see cref="SideConnections"/>. The given handler itself is never used: others may share it.
/// </summary>
/// <param name="group">The group that the client uses.</param>
/// <param name="given">The handler that the client was given; disposed of with this one.</param>
/// <param name="copy">Makes one like it that has connections of its own.</param>
/// <param name="time">The clock.</param>
internal sealed class ConnectionsHandler(FailoverGroup group, SocketsHttpHandler given, Func<SocketsHttpHandler> copy, TimeProvider time) : DelegatingHandler(given), INamePoolMover
{
    private readonly Lock _lock = new();
    private readonly SideConnections _side = new(copy, time);
    private volatile ConnectionPool? _pool;

    /// <summary>The member that requests went to first when one last came by.</summary>
    private volatile FailoverMember? _first;

    /// <summary>The member that was left last: the group may have it no more, and a request may still be on its way there.</summary>
    private volatile FailoverMember? _left;
    private bool _isDisposed;

    /// <summary>Gets what opens the connections at the moment; null before the first request.</summary>
    internal SocketsHttpHandler? Transport => (SocketsHttpHandler?)_pool?.InnerHandler;

    /// <summary>Gets the names of the members.</summary>
    public IReadOnlyCollection<string> Names => [.. group.Snapshot.Members.Select(static member => member.Member.Address).Where(static address => address.HostNameType == UriHostNameType.Dns).Select(static address => address.IdnHost)];

    /// <summary>The name of a member leads elsewhere: connections are opened anew.</summary>
    public ValueTask MoveAsync(NameMove move, CancellationToken cancellationToken)
    {
        ConnectionPool? old;
        lock (_lock)
        {
            old = _isDisposed ? null : _pool;
            _pool = old is null ? _pool : new ConnectionPool(copy(), _first);
        }

        old?.Leave();
        _side.Leave();
        return ValueTask.CompletedTask;
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Enter(request).SendAndExitAsync(request, cancellationToken);

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) => Enter(request).SendAndExit(request, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            lock (_lock)
            {
                _isDisposed = true;
            }

            _pool?.Dispose();
            _side.Dispose();
        }

        base.Dispose(disposing);
    }

    private ConnectionPool Enter(HttpRequestMessage request)
    {
        while (true)
        {
            ConnectionPool pool = _pool is { } current && ReferenceEquals(First(), _first) ? current : Move();
            if (request.RequestUri is { } address && !pool.IsFor(address) && IsOfTheGroup(address))
            {
                pool = _side.Pool;
            }

            // One that was left has another in its place.
            if (pool.TryEnter())
            {
                return pool;
            }
        }
    }

    /// <summary>Takes note of where requests go. If that is another member than before, a new pool takes the place of the old one.</summary>
    private ConnectionPool Move()
    {
        ConnectionPool? old;
        ConnectionPool pool;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            FailoverMember? before = _first;
            FailoverMember? first = First();
            old = _pool;
            if (old is not null && Equals(before, first))
            {
                _first = first;
                return old;
            }

            pool = new ConnectionPool(copy(), first);
            _left = before;
            _pool = pool;
            _first = first;
        }

        old?.Leave();
        _side.Leave();
        return pool;
    }

    private bool IsOfTheGroup(Uri address)
    {
        foreach (MemberSnapshot member in group.Snapshot.Members)
        {
            if (HttpAddress.IsSameOrigin(address, member.Member.Address))
            {
                return true;
            }
        }

        return _left is { } left && HttpAddress.IsSameOrigin(address, left.Address);
    }

    private FailoverMember? First() => group.Snapshot.Route is [{ Member: var first }, ..] ? first : null;
}
