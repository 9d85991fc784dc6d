using Failover.Aws.Route53;

namespace Failover.Aws;

/// <summary>What is to be done so that a pair is as its settings say: the dry run, and the drift.</summary>
public sealed class Route53PairPlan
{
    internal Route53PairPlan(IReadOnlyList<string> steps, PairActs acts) => (Steps, Acts) = (steps, acts);

    /// <param name="whyNot">What comes of an attempt to carry it out.</param>
    internal Route53PairPlan(Route53PairResult whyNot)
        : this([], PairActs.None) => WhyNot = whyNot;

    /// <summary>Gets what is to be done, one act a line, for people; empty if nothing is.</summary>
    public IReadOnlyList<string> Steps { get; }

    /// <summary>Gets why nothing can be done, for people; null if something can, or need not. Never a secret.</summary>
    public string? Problem => WhyNot?.Reason;

    /// <summary>Gets whether the pair is as its settings say.</summary>
    public bool IsInForce => Steps.Count == 0 && Problem is null;

    internal PairActs Acts { get; }

    internal Route53PairResult? WhyNot { get; }

    /// <summary>Returns the problem or the steps, a line each.</summary>
    public override string ToString() => Problem ?? (IsInForce ? "nothing is to be done" : string.Join(Environment.NewLine, Steps));
}
