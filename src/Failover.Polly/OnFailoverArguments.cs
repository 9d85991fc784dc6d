using Polly;

namespace Failover.Polly;

/// <summary>What is told before an execution runs again on the next member; also the arguments of the telemetry event <c>OnFailover</c>.</summary>
/// <typeparam name="TResult">What the pipeline returns.</typeparam>
public readonly struct OnFailoverArguments<TResult>
{
    /// <summary>Initializes the arguments.</summary>
    /// <param name="context">The context of the execution.</param>
    /// <param name="outcome">How the attempt ended.</param>
    /// <param name="failed">The member that failed.</param>
    /// <param name="next">The member that is next.</param>
    public OnFailoverArguments(ResilienceContext context, Outcome<TResult> outcome, FailoverMember failed, FailoverMember next)
    {
        Context = context;
        Outcome = outcome;
        Failed = failed;
        Next = next;
    }

    /// <summary>Gets the context of the execution.</summary>
    public ResilienceContext Context { get; }

    /// <summary>Gets how the attempt ended. Its result, if any, is disposed of after the call.</summary>
    public Outcome<TResult> Outcome { get; }

    /// <summary>Gets the member that failed.</summary>
    public FailoverMember Failed { get; }

    /// <summary>Gets the member that is next.</summary>
    public FailoverMember Next { get; }

    /// <summary>Returns who failed and who is next: telemetry shows it.</summary>
    public override string ToString() => $"{Failed} -> {Next}";
}
