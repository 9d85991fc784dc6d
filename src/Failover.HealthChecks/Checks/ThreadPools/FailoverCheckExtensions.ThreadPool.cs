using Failover.HealthChecks;
using Failover.HealthChecks.Checks;
using Failover.HealthChecks.Checks.ThreadPools;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <content>The thread pool.</content>
public static partial class FailoverCheckExtensions
{
    /// <summary>Checks the thread pool, under the name <c>threadpool</c>. Scope: local.</summary>
    /// <inheritdoc cref="AddThreadPool(IHealthChecksBuilder, string, Action{ThreadPoolCheckOptions}, HealthStatus?, IEnumerable{string})"/>
    public static IHealthChecksBuilder AddThreadPool(this IHealthChecksBuilder builder) => builder.AddThreadPool(static _ => { });

    /// <summary>Checks the thread pool, under the name <c>threadpool</c>. Scope: local.</summary>
    /// <inheritdoc cref="AddThreadPool(IHealthChecksBuilder, string, Action{ThreadPoolCheckOptions}, HealthStatus?, IEnumerable{string})"/>
    public static IHealthChecksBuilder AddThreadPool(this IHealthChecksBuilder builder, Action<ThreadPoolCheckOptions> configure) => builder.AddThreadPool("threadpool", configure, null, []);

    /// <summary>Checks that the thread pool is not starved: each run queues one work item and measures how long it waits for a thread. Scope: local.</summary>
    /// <param name="builder">What <c>AddHealthChecks()</c> returned.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="configure">Sets the thresholds.</param>
    /// <param name="failureStatus">What a failure counts as; null: unhealthy.</param>
    /// <param name="tags">Tags of the check.</param>
    /// <exception cref="Options.OptionsValidationException">Some options are not allowed.</exception>
    public static IHealthChecksBuilder AddThreadPool(this IHealthChecksBuilder builder, string name, Action<ThreadPoolCheckOptions> configure, HealthStatus? failureStatus, IEnumerable<string> tags)
    {
        ThreadPoolCheckOptions options = CheckRegistration.Configured<ThreadPoolCheckOptions>(name, configure, ThreadPoolHealthCheck.Check);
        return builder.AddOwn(name, CheckScope.Local, failureStatus, tags, null, services => new ThreadPoolHealthCheck(options, services.Time()));
    }
}
