using Failover.Http.Addresses;

namespace Failover.Http.Routing;

/// <summary>One member in the order in which a request tries them.</summary>
internal sealed record Hop(FailoverMember Member, MemberMeter Meter, HttpAddress Address);
