namespace Failover.TestServers.Servers;

/// <summary>What a node says of itself.</summary>
/// <param name="IsPrimary">Whether it is not in recovery.</param>
/// <param name="Timeline">The timeline that it writes, or, as a standby, streams; 0 for a standby that does not stream.</param>
/// <param name="SystemIdentifier">Which database cluster it belongs to.</param>
/// <param name="Standbys">How many standbys stream from it.</param>
/// <param name="SynchronousStandbys">How many of them commits wait for.</param>
public sealed record NodeState(bool IsPrimary, int Timeline, ulong SystemIdentifier, int Standbys, int SynchronousStandbys);
