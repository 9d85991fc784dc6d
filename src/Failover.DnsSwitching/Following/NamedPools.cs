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
    private readonly List<(ConnectionPool Pool, ITimer End)> _draining = [];
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
                return _draining.Count(static one => !one.Pool.IsClosed);
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
        (ConnectionPool Pool, ITimer End)[] ended;
        lock (_gate)
        {
            _isDisposed = true;
            ended = TakeOldest(_draining.Count);
        }

        foreach (ConnectionPool pool in _pools.Values)
        {
            pool.Dispose();
        }

        _others?.Dispose();
        Array.ForEach(ended, End);
    }

    /// <summary>It closes by itself when its last request has ended; this is for one that waits too long, or is one too many.</summary>
    private void Drain(ConnectionPool left)
    {
        DnsFollowerOptions options = follower.Options;
        List<(ConnectionPool Pool, ITimer End)> ended;
        lock (_gate)
        {
            _draining.Add((left, follower.Time.CreateTimer(_ => EndLate(left), null, options.DrainLimit, Timeout.InfiniteTimeSpan)));

            // Those that have closed by themselves keep none of the others from being waited for.
            ended = _draining.FindAll(static one => one.Pool.IsClosed);
            ended.ForEach(one => _draining.Remove(one));
            ended.AddRange(TakeOldest(_isDisposed ? _draining.Count : _draining.Count - options.MaxDrainingPools));
        }

        ended.ForEach(End);
    }

    private void EndLate(ConnectionPool pool)
    {
        (ConnectionPool Pool, ITimer End) late;
        lock (_gate)
        {
            late = _draining.Find(one => one.Pool == pool);
            _draining.Remove(late);
        }

        if (late.Pool is not null)
        {
            End(late);
        }
    }

    private (ConnectionPool Pool, ITimer End)[] TakeOldest(int count)
    {
        (ConnectionPool Pool, ITimer End)[] oldest = [.. _draining.Take(count)];
        _draining.RemoveRange(0, oldest.Length);
        return oldest;
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
