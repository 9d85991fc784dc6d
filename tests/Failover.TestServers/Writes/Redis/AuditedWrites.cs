namespace Failover.TestServers.Writes.Redis;

/// <summary>What became of the rows, and what <see cref="WriteTimes"/> measures by.</summary>
/// <param name="Report">What became of the rows. What a client can save is lost and stale: stale are rows that another node acknowledged after the elected master had begun to take writes. When that was is known to 5 ms, or as busy
/// as the machine is: of a planned failover the few that the old master took just before the oracle's first write count as lost by asynchronous replication.</param>
/// <param name="Attempts">The attempts; those acknowledged tell the number of the reign that took them, where that can be known.</param>
/// <param name="Seen">The reigns that led to the elected master, numbered from 1.</param>
public sealed record AuditedWrites(WriteReport Report, IReadOnlyList<RowAttempt> Attempts, IReadOnlyList<OracleWrites> Seen);
