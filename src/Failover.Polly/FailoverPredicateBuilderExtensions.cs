using Failover.Polly;

namespace Polly;

/// <summary>Lets a <see cref="PredicateBuilder{TResult}"/> say what a failover strategy handles.</summary>
public static class FailoverPredicateBuilderExtensions
{
    /// <summary>Makes a predicate for <see cref="FailoverStrategyOptions{TResult}"/>: <c>ShouldHandle = new PredicateBuilder&lt;string&gt;().Handle&lt;IOException&gt;().ForFailover()</c>.</summary>
    /// <typeparam name="TResult">What the pipeline returns.</typeparam>
    /// <param name="builder">The builder; later changes of it are not seen.</param>
    /// <exception cref="InvalidOperationException">The builder holds no predicate.</exception>
    public static Func<FailoverPredicateArguments<TResult>, ValueTask<bool>> ForFailover<TResult>(this PredicateBuilder<TResult> builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        Predicate<Outcome<TResult>> predicate = builder.Build();
        return arguments => ValueTask.FromResult(predicate(arguments.Outcome));
    }
}
