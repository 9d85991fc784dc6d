using Polly;

namespace Failover.Polly;

/// <summary>What the predicates of a failover strategy are asked about.</summary>
/// <typeparam name="TResult">What the pipeline returns.</typeparam>
public readonly struct FailoverPredicateArguments<TResult>
{
    /// <summary>Initializes the arguments.</summary>
    /// <param name="context">The context of the execution.</param>
    /// <param name="outcome">How the attempt ended.</param>
    /// <param name="member">The member it went to.</param>
    public FailoverPredicateArguments(ResilienceContext context, Outcome<TResult> outcome, FailoverMember member)
    {
        Context = context;
        Outcome = outcome;
        Member = member;
    }

    /// <summary>Gets the context of the execution.</summary>
    public ResilienceContext Context { get; }

    /// <summary>Gets how the attempt ended.</summary>
    public Outcome<TResult> Outcome { get; }

    /// <summary>Gets the member it went to.</summary>
    public FailoverMember Member { get; }
}
