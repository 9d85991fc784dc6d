namespace Failover.PostgreSql;

/// <summary>A replication slot of a primary. One that is not in use keeps the log until the disk is full.</summary>
/// <param name="Name">The name.</param>
/// <param name="IsLogical">Whether it is one for logical decoding.</param>
/// <param name="IsActive">Whether it is in use.</param>
/// <param name="BytesRetained">How much of the log it keeps; null if it keeps nothing yet.</param>
public sealed record ReplicationSlot(string Name, bool IsLogical, bool IsActive, long? BytesRetained)
{
    /// <summary>Gets the process of the primary that uses it; 0 if none does.</summary>
    internal int ProcessId { get; init; }
}
