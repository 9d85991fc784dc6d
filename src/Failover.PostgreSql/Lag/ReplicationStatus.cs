using System.Collections.Immutable;

namespace Failover.PostgreSql;

/// <summary>How the nodes of a group replicate: <see cref="FailoverDataSource.ReadReplicationAsync"/>. Immutable.</summary>
public sealed record ReplicationStatus
{
    /// <summary>Gets the primary that was asked; null if there was none.</summary>
    public FailoverMember? Primary { get; init; }

    /// <summary>Gets each node.</summary>
    public ImmutableArray<MemberReplication> Members { get; init; } = [];

    /// <summary>Gets the connections that the primary replicates over and that are of no known node: a backup, a change feed, or a standby whose name or address does not say which node it is.</summary>
    public ImmutableArray<ReplicationLink> OtherLinks { get; init; } = [];

    /// <summary>Gets the replication slots of the primary.</summary>
    public ImmutableArray<ReplicationSlot> Slots { get; init; } = [];

    /// <summary>Gets the primary's <c>synchronous_standby_names</c>: empty where commits wait for no standby; null if it was not read.</summary>
    public string? SynchronousStandbyNames { get; init; }

    /// <summary>Gets what could not be read, and why, for people; null if all was.</summary>
    public string? NotRead { get; init; }
}
