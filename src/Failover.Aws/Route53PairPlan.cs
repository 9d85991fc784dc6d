using Failover.Aws.Route53;

namespace Failover.Aws;

/// <summary>What is to be done so that a pair is as its settings say: the dry run, and the drift.</summary>
public sealed class Route53PairPlan
{
    internal Route53PairPlan(IReadOnlyList<string> steps, string? problem, PairActs acts) => (Steps, Problem, Acts) = (steps, problem, acts);

    /// <summary>Gets what is to be done, one act a line, for people; empty if nothing is.</summary>
    public IReadOnlyList<string> Steps { get; }

    /// <summary>Gets why nothing can be done, for people; null if something can, or need not. Never a secret.</summary>
    public string? Problem { get; }

    /// <summary>Gets whether the pair is as its settings say.</summary>
    public bool IsInForce => Steps.Count == 0 && Problem is null;

    internal PairActs Acts { get; }

    /// <summary>Returns the problem or the steps, a line each.</summary>
    public override string ToString() => Problem ?? (IsInForce ? "nothing is to be done" : string.Join(Environment.NewLine, Steps));
}
