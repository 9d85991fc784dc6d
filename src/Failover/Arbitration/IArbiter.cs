using System.Diagnostics.CodeAnalysis;

namespace Failover;

/// <summary>Decides who may act when several hosts watch the same group.</summary>
[Experimental("FAILOVER001")]
public interface IArbiter
{
    /// <summary>Asks for the lease of a resource once. Returns null if another holds it; an exception counts as «not granted».</summary>
    /// <param name="resource">What the lease is for: the group's name.</param>
    /// <param name="cancellationToken">Cancelled when the ask takes too long or the group stops.</param>
    ValueTask<ILease?> TryAcquireAsync(string resource, CancellationToken cancellationToken);
}
