using System.Diagnostics.CodeAnalysis;

namespace Failover;

/// <summary>Moves what callers hold open (pools, connections) when the active member of a group changes.</summary>
[Experimental("FAILOVER001")]
public interface IPoolMover
{
    /// <summary>Called after each change of the active member, one call at a time, in order. What it throws is logged and changes nothing.</summary>
    /// <param name="previous">The member that was active; null if none was.</param>
    /// <param name="active">The member that is active now; null if none is proven.</param>
    /// <param name="cancellationToken">Cancelled when the group stops.</param>
    ValueTask MoveAsync(FailoverMember? previous, FailoverMember? active, CancellationToken cancellationToken);
}
