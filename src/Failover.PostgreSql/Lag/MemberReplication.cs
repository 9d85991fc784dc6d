namespace Failover.PostgreSql;

/// <summary>How one node replicates.</summary>
/// <param name="Member">The node.</param>
/// <param name="Role">What it said that it is.</param>
/// <param name="Epoch">Its system identifier and timeline. A standby's timeline may be older than the one it follows, until its next restartpoint.</param>
/// <param name="Lag">How far it was behind at its last probe; null for a primary, and where it is not known.</param>
/// <param name="BytesBehind">The same in bytes of the log.</param>
/// <param name="IsAlarmed">Whether it has been further behind than <see cref="LagOptions.Alarm"/> for <see cref="LagOptions.Breaches"/> looks in a row.</param>
/// <param name="Link">What the primary says of its connection; null if the primary has none, or does not tell whose it is.</param>
public sealed record MemberReplication(FailoverMember Member, MemberRole Role, Epoch? Epoch, TimeSpan? Lag, long? BytesBehind, bool IsAlarmed, ReplicationLink? Link);
