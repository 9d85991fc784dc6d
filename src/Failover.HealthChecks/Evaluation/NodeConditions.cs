namespace Failover.HealthChecks.Evaluation;

/// <summary>What counts for the verdicts beside the checks.</summary>
/// <param name="IsDraining">Whether the node wants no new traffic.</param>
/// <param name="IsAlive">Whether the evaluation goes on.</param>
/// <param name="ConfigurationProblem">Why the last change of the settings is not in force; null if it is.</param>
/// <param name="PeerHasNot">Whether a peer has proven that it does not have the failure of a check.</param>
internal readonly record struct NodeConditions(bool IsDraining, bool IsAlive, string? ConfigurationProblem, Func<CheckSnapshot, bool> PeerHasNot);
