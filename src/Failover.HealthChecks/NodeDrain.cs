using System.Collections.Immutable;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace Failover.HealthChecks;

/// <summary>
/// Takes this node out of service in peace: while any drain lasts, the node is neither operational nor able to serve, and says so to whoever asks. A singleton; safe for any thread. A shutdown drains by itself.
/// </summary>
public sealed class NodeDrain
{
    private const string Shutdown = "shutdown";

    private ImmutableSortedSet<string> _reasons = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);
    private ConfigurationReloadToken _changed = new();

    /// <summary>Gets whether the node is draining.</summary>
    public bool IsDraining => !_reasons.IsEmpty;

    /// <summary>Gets why, in alphabetical order; empty if it is not.</summary>
    public IReadOnlyCollection<string> Reasons => _reasons;

    /// <summary>Begins to drain. Several drains may last at once; each ends by itself.</summary>
    /// <param name="reason">Why, in a word or two without secrets, like <c>deployment</c>. It names the drain, and is logged.</param>
    /// <returns>False if a drain of this name lasts already.</returns>
    public bool Begin(string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        return Change(static (reasons, name) => reasons.Add(name), reason);
    }

    /// <summary>Ends the drain of this name; the node serves again when no other lasts. The one named <c>shutdown</c> lasts until the process ends: who took it back would bring traffic to a node that is about to close.</summary>
    /// <param name="reason">The name that it was begun with.</param>
    /// <returns>False if there was none, or it is that of the shutdown.</returns>
    public bool End(string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        return reason != Shutdown && Change(static (reasons, name) => reasons.Remove(name), reason);
    }

    /// <summary>Returns a token that fires once, when a drain next begins or ends. Callbacks run on the thread that does it.</summary>
    public IChangeToken GetChangeToken() => Volatile.Read(ref _changed);

    private bool Change(Func<ImmutableSortedSet<string>, string, ImmutableSortedSet<string>> change, string reason)
    {
        if (!ImmutableInterlocked.Update(ref _reasons, change, reason))
        {
            return false;
        }

        Interlocked.Exchange(ref _changed, new()).OnReload();
        return true;
    }
}
