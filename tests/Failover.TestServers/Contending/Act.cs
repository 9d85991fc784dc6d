namespace Failover.TestServers.Contending;

/// <summary>One act of a contender, as the resource saw it come in.</summary>
/// <param name="At">When it came in, on the monotonic clock of the resource.</param>
/// <param name="Holder">Who acted.</param>
/// <param name="Term">Which time of its being primary it was.</param>
/// <param name="Lineage">What the token belongs to; empty for who has none.</param>
/// <param name="Token">The fencing token; 0 for who has none.</param>
/// <param name="IsApplied">Whether the resource took it: not under a token lower than the highest that it has seen.</param>
public sealed record Act(TimeSpan At, string Holder, string Term, string Lineage, long Token, bool IsApplied);
