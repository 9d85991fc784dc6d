namespace Failover.Keepalived.Doctor.Hosts;

/// <summary>A user of the host.</summary>
internal sealed record HostUser(string Name, uint Id, IReadOnlyList<uint> Groups);
