using System.Collections.Concurrent;
using Failover.Etcd.Watching;
using Microsoft.Extensions.Logging;

namespace Failover.Etcd.Arbitration;

/// <summary>The watches of those who wait for leases. An arbiter waits for a moment and asks again: its watch stays open in between, so that nothing is missed and no connection is made for each wait. Safe for any thread.</summary>
internal sealed class LeaseWatches(Func<EtcdOptions> options, ILogger logger, TimeProvider time) : IDisposable
{
    private readonly ConcurrentDictionary<string, KeyFollower> _idle = new(StringComparer.Ordinal);
    private volatile bool _isDisposed;

    /// <summary>Waits until a lease may be free.</summary>
    /// <param name="resource">What it is for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal async Task WaitAsync(string resource, CancellationToken cancellationToken)
    {
        // A follower has one reader; a second one who waits at the same time gets one of his own.
        if (!_idle.TryRemove(resource, out KeyFollower? follower))
        {
            follower = new KeyFollower(() => SettingsFor(resource), logger, time);
        }

        try
        {
            await follower.GoneOrChangedAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (!_idle.TryAdd(resource, follower))
            {
                follower.Dispose();
            }
            else if (_isDisposed)
            {
                Forget(resource);
            }
        }
    }

    /// <summary>Closes the watch of who need not wait any more: nobody would read it.</summary>
    internal void Forget(string resource)
    {
        if (_idle.TryRemove(resource, out KeyFollower? follower))
        {
            follower.Dispose();
        }
    }

    public void Dispose()
    {
        _isDisposed = true;
        foreach (string resource in _idle.Keys)
        {
            Forget(resource);
        }
    }

    private WatchSettings SettingsFor(string resource)
    {
        EtcdOptions now = options();
        return new(now, new LeaseNames(now.LeasePrefix).Held(resource));
    }
}
