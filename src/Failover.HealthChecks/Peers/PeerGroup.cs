namespace Failover.HealthChecks;

/// <summary>How a failover group stands, as a peer sees it.</summary>
/// <param name="Name">The name of the group.</param>
/// <param name="Condition">Its condition, as <see cref="GroupCondition"/> names it; a peer of another version may know others.</param>
/// <param name="Active">The name of the active member; null if none is.</param>
public sealed record PeerGroup(string Name, string Condition, string? Active);
