using System.ComponentModel.DataAnnotations;
using Polly;

namespace Failover.Polly;

/// <summary>Settings of a failover strategy.</summary>
/// <typeparam name="TResult">What the pipeline returns; <see cref="object"/> for a pipeline of any result.</typeparam>
public sealed class FailoverStrategyOptions<TResult> : ResilienceStrategyOptions
{
    /// <summary>Initializes options without a group; its name in telemetry is <c>Failover</c>.</summary>
    public FailoverStrategyOptions() => Name = "Failover";

    /// <summary>Gets or sets the group. The strategy does not own it; the first execution starts it.</summary>
    [Required]
    public FailoverGroup? Group { get; set; }

    /// <summary>Gets or sets which outcomes are failures of the member: they count against it, and may be tried elsewhere if <see cref="MayReplay"/> agrees. Results that it does not name are answers; other exceptions say nothing of the member.</summary>
    /// <value>The default is every exception but <see cref="OperationCanceledException"/>. A <c>PredicateBuilder</c> becomes one by <c>ForFailover()</c>.</value>
    /// <remarks>Not asked once the caller has cancelled an execution: that counts against nobody.</remarks>
    [Required]
    public Func<FailoverPredicateArguments<TResult>, ValueTask<bool>> ShouldHandle { get; set; } =
        static arguments => arguments.Outcome.Exception is null or OperationCanceledException ? PredicateResult.False() : PredicateResult.True();

    /// <summary>
    /// Gets or sets whether a failed execution may run again on the next member. Say yes only where running twice does no harm: what failed may have been executed all the same.
    /// Asked only of what <see cref="ShouldHandle"/> calls a failure, and only if a member is left.
    /// </summary>
    /// <value>The default is no, whatever the outcome: the failure is returned, and the next execution goes to whichever member is active by then.</value>
    [Required]
    public Func<FailoverPredicateArguments<TResult>, ValueTask<bool>> MayReplay { get; set; } = static _ => PredicateResult.False();

    /// <summary>Gets or sets what is called before an execution runs again on the next member.</summary>
    /// <value>The default is null.</value>
    public Func<OnFailoverArguments<TResult>, ValueTask>? OnFailover { get; set; }
}
