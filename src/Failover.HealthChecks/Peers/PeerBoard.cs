using System.Collections.Immutable;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace Failover.HealthChecks.Peers;

/// <summary>What was last heard of each peer. Empty where there are none.</summary>
internal sealed class PeerBoard
{
    private ConfigurationReloadToken _changed = new();
    private volatile PeerSnapshot[] _peers = [];

    internal ImmutableArray<PeerSnapshot> Peers => System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray(_peers);

    /// <summary>Returns a token that fires once, when something is heard next. Callbacks run on the thread that heard it.</summary>
    internal IChangeToken GetChangeToken() => Volatile.Read(ref _changed);

    /// <summary>Puts others in their place. One caller at a time; <see cref="Tell"/> it after that.</summary>
    internal void Set(IEnumerable<PeerSnapshot> peers) => _peers = [.. peers];

    /// <summary>Calls who waits for it. Never under a lock: who is called may ask back.</summary>
    internal void Tell() => Interlocked.Exchange(ref _changed, new()).OnReload();
}
