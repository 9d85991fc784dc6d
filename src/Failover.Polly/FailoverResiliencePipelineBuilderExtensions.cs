using System.Diagnostics.CodeAnalysis;
using Failover;
using Failover.Polly;

namespace Polly;

/// <summary>Adds failover to a resilience pipeline.</summary>
public static class FailoverResiliencePipelineBuilderExtensions
{
    private const string Kept = "The members of the options are preserved by the DynamicDependency.";

    /// <summary>
    /// Sends each execution to the active member of a group, which the callback finds with <c>context.GetFailoverMember()</c>. Exceptions count against the member; nothing runs a second time.
    /// </summary>
    /// <param name="builder">The builder of a pipeline of any result.</param>
    /// <param name="group">The group.</param>
    public static ResiliencePipelineBuilder AddFailover(this ResiliencePipelineBuilder builder, FailoverGroup group)
    {
        ArgumentNullException.ThrowIfNull(group);
        return builder.AddFailover(new FailoverStrategyOptions<object> { Group = group });
    }

    /// <summary>Sends each execution to the active member of a group, and to the next ones where the options say that it may run again. Each member is tried at most once an execution.</summary>
    /// <param name="builder">The builder of a pipeline of any result.</param>
    /// <param name="options">The group, and what is handled.</param>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">The options lack the group or a predicate.</exception>
    [DynamicDependency(DynamicallyAccessedMemberTypes.All, typeof(FailoverStrategyOptions<>))]
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = Kept)]
    public static ResiliencePipelineBuilder AddFailover(this ResiliencePipelineBuilder builder, FailoverStrategyOptions<object> options)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(options);
        return builder.AddStrategy(context => new FailoverStrategy<object>(options, context), options);
    }

    /// <summary>
    /// Sends each execution to the active member of a group, which the callback finds with <c>context.GetFailoverMember()</c>. Exceptions count against the member; nothing runs a second time.
    /// </summary>
    /// <typeparam name="TResult">What the pipeline returns.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="group">The group.</param>
    public static ResiliencePipelineBuilder<TResult> AddFailover<TResult>(this ResiliencePipelineBuilder<TResult> builder, FailoverGroup group)
    {
        ArgumentNullException.ThrowIfNull(group);
        return builder.AddFailover(new FailoverStrategyOptions<TResult> { Group = group });
    }

    /// <summary>Sends each execution to the active member of a group, and to the next ones where the options say that it may run again. Each member is tried at most once an execution.</summary>
    /// <typeparam name="TResult">What the pipeline returns.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="options">The group, and what is handled.</param>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">The options lack the group or a predicate.</exception>
    [DynamicDependency(DynamicallyAccessedMemberTypes.All, typeof(FailoverStrategyOptions<>))]
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = Kept)]
    public static ResiliencePipelineBuilder<TResult> AddFailover<TResult>(this ResiliencePipelineBuilder<TResult> builder, FailoverStrategyOptions<TResult> options)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(options);
        return builder.AddStrategy(context => new FailoverStrategy<TResult>(options, context), options);
    }
}
