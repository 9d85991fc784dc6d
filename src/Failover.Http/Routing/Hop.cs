using Failover.Http.Addresses;

namespace Failover.Http.Routing;

/// <summary>One member in the order in which a request tries them.</summary>
/// <param name="Member">The member.</param>
/// <param name="Meter">What is told of its attempts.</param>
/// <param name="Address">Where it is.</param>
/// <param name="GivenUp">Fires when the member is next given up.</param>
internal sealed record Hop(FailoverMember Member, MemberMeter Meter, HttpAddress Address, CancellationToken GivenUp);
