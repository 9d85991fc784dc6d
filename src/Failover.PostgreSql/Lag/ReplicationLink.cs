namespace Failover.PostgreSql;

/// <summary>A connection that a primary replicates over: a row of <c>pg_stat_replication</c>.</summary>
/// <param name="ApplicationName">What its client calls itself. Patroni's standbys: the name of the node.</param>
/// <param name="ClientAddress">Where its client is; null where the role may not see it, and for a client on the same host that came over a socket file.</param>
/// <param name="State"><c>streaming</c>, <c>catchup</c>, <c>backup</c> and the like; null where the role may not see it.</param>
/// <param name="SyncState"><c>async</c>, <c>potential</c>, <c>sync</c> or <c>quorum</c>; null where the role may not see it.</param>
public sealed record ReplicationLink(string ApplicationName, string? ClientAddress, string? State, string? SyncState)
{
    /// <summary>Gets the process of the primary that serves it.</summary>
    internal int ProcessId { get; init; }
}
