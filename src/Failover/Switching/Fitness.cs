using System.Diagnostics.CodeAnalysis;

namespace Failover;

/// <summary>How fit this node is to be the active one.</summary>
/// <param name="Percent">From 0 (must not be chosen) to 100.</param>
/// <param name="Reason">Why, in a few words without secrets.</param>
[Experimental("FAILOVER001")]
public sealed record Fitness(int Percent, string Reason);
