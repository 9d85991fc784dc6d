namespace Failover.Aws.Route53;

/// <summary>How far a change is that Route 53 has taken.</summary>
/// <param name="Id">Its id.</param>
/// <param name="IsInSync">Whether it is at all name servers.</param>
internal sealed record ChangeState(string Id, bool IsInSync);
