namespace Failover.Aws;

/// <summary>What Route 53's checkers see of a pair.</summary>
/// <param name="Primary">The primary; null if it has no health check, or that could not be read.</param>
/// <param name="Secondary">The secondary; null if it has no health check, or that could not be read.</param>
/// <param name="Problem">Why something could not be read, for people; null if all was.</param>
public sealed record Route53PairStatus(Route53SideStatus? Primary, Route53SideStatus? Secondary, string? Problem);
