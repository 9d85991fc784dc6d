namespace Failover.Aws.Route53;

/// <summary>A page of record sets.</summary>
/// <param name="Sets">The sets, in Route 53's order.</param>
/// <param name="Next">The query of the next page; null if this is the last.</param>
/// <param name="NextName">The name with which that begins.</param>
internal sealed record RecordPage(IReadOnlyList<RecordSet> Sets, string? Next, string? NextName);
