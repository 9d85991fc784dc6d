using System.Collections.Concurrent;
using Failover.Http.Connections;

namespace Failover.DnsSwitching.Following;

/// <summary>The connections of one HTTP client: a pool for each name, so that those to one can be left. Safe for any thread.</summary>
/// <param name="make">Makes a handler with connections of its own.</param>
/// <param name="follower">Gives settings and clock.</param>
internal sealed class NamedPools(Func<SocketsHttpHandler> make, DnsFollower follower) : IDisposable
{
    internal const int MostNames = 64;

    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, ConnectionPool> _pools = new(StringComparer.OrdinalIgnoreCase);
    private readonly Queue<(ConnectionPool Pool, ITimer End)> _draining = new();
    private volatile ConnectionPool? _others;
    private bool _isDisposed;

    /// <summary>Gets the names.</summary>
    internal IReadOnlyCollection<string> Names => (IReadOnlyCollection<string>)_pools.Keys;

    /// <summary>Gets how many pools wait for their last requests.</summary>
    internal int Draining
    {
        get
        {
            lock (_gate)
            {
                return _draining.Count;
            }
        }
    }

    /// <summary>Returns the pool of a host that the request has entered, and whether it is the first to go there.</summary>
    internal ConnectionPool Enter(Uri? address, out bool isNew)
    {
        isNew = false;
        while (true)
        {
            ConnectionPool pool = address is { IsAbsoluteUri: true, HostNameType: UriHostNameType.Dns }
                ? _pools.TryGetValue(address.IdnHost, out ConnectionPool? known) ? known : Open(address.IdnHost, out isNew)
                : _others ?? OpenOthers();
            if (pool.TryEnter())
            {
                return pool;
            }
        }
    }

    /// <summary>Leaves the connections to a name: the next request opens its own. What is on its way ends over the old ones.</summary>
    internal void Leave(string name)
    {
        foreach (string host in _pools.Keys.Where(host => host.AsSpan().TrimEnd('.').Equals(name, StringComparison.OrdinalIgnoreCase)))
        {
            ConnectionPool old;
            lock (_gate)
            {
                if (_isDisposed)
                {
                    return;
                }

                old = _pools[host];
                _pools[host] = NewPool();
            }

            old.Leave();
            Drain(old);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
        }

        foreach (ConnectionPool pool in _pools.Values)
        {
            pool.Dispose();
        }

        _others?.Dispose();
        while (_draining.TryDequeue(out (ConnectionPool Pool, ITimer End) one))
        {
            End(one);
        }
    }

    /// <summary>It closes by itself when its last request has ended; this is for one that waits too long, or is one too many.</summary>
    private void Drain(ConnectionPool left)
    {
        DnsFollowerOptions options = follower.Options;
        List<(ConnectionPool Pool, ITimer End)> ended = [];
        lock (_gate)
        {
            _draining.Enqueue((left, follower.Time.CreateTimer(_ => EndOldest(), null, options.DrainLimit, Timeout.InfiniteTimeSpan)));
            while (_draining.Count > options.MaxDrainingPools)
            {
                ended.Add(_draining.Dequeue());
            }
        }

        ended.ForEach(End);
    }

    private void EndOldest()
    {
        (ConnectionPool Pool, ITimer End) oldest;
        lock (_gate)
        {
            if (!_draining.TryDequeue(out oldest))
            {
                return;
            }
        }

        End(oldest);
    }

    private static void End((ConnectionPool Pool, ITimer End) one)
    {
        one.End.Dispose();
        one.Pool.Dispose();
    }

    private ConnectionPool Open(string host, out bool isNew)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            isNew = false;
            if (_pools.TryGetValue(host, out ConnectionPool? other))
            {
                return other;
            }

            if (_pools.Count >= MostNames)
            {
                return _others ??= NewPool();
            }

            isNew = true;
            return _pools[host] = NewPool();
        }
    }

    private ConnectionPool OpenOthers()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _others ??= NewPool();
        }
    }

    private ConnectionPool NewPool() => new(make(), first: null);
}
