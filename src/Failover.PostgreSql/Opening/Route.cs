using Failover.PostgreSql.Nodes;

namespace Failover.PostgreSql.Opening;

/// <summary>Where connections go, as one snapshot of the group says.</summary>
/// <param name="Snapshot">The snapshot.</param>
/// <param name="Primary">The node that takes writes; null if none is proven, or the one that was is suspect.</param>
internal sealed record Route(GroupSnapshot Snapshot, Node? Primary)
{
    /// <summary>Gets whether it is of use to wait for a primary.</summary>
    internal bool MayCome => Snapshot.Condition is GroupCondition.Starting or GroupCondition.Switching or GroupCondition.Settled;
}
