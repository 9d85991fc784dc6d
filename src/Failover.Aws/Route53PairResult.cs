namespace Failover.Aws;

/// <summary>What came of an act on a pair, and why.</summary>
/// <param name="Outcome">What came of it.</param>
/// <param name="Reason">Why, for people; null where it was done. Never a secret.</param>
public sealed record Route53PairResult(Route53PairOutcome Outcome, string? Reason);
