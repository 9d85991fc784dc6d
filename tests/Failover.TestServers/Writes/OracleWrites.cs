namespace Failover.TestServers.Writes;

/// <summary>A node took writes at a timeline.</summary>
/// <param name="Node">The name of the node.</param>
/// <param name="Timeline">The timeline.</param>
/// <param name="First">When the first was acknowledged: a timestamp of <see cref="System.Diagnostics.Stopwatch"/>.</param>
/// <param name="Last">When the last so far was.</param>
public sealed record OracleWrites(string Node, int Timeline, long First, long Last);
