namespace Failover;

/// <summary>Whom to fence, and for what.</summary>
/// <param name="Resource">The group or the gate for which somebody is to be promoted.</param>
/// <param name="Target">Who failed: the name of the member, or of the host that let its lease run out (<see cref="LeaseOptions.Holder"/>).</param>
/// <param name="Address">The address of the member; null for a host that is known only by its name.</param>
/// <param name="Token">The fencing token of the lease under which this host acts; null where there is none.</param>
public sealed record FenceRequest(string Resource, string Target, Uri? Address, long? Token);
