using Failover.HealthChecks;
using Failover.HealthChecks.Checks;
using Failover.HealthChecks.Checks.Memory;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <content>Memory.</content>
public static partial class FailoverCheckExtensions
{
    /// <summary>Checks the memory, under the name <c>memory</c>. Scope: local.</summary>
    /// <inheritdoc cref="AddMemory(IHealthChecksBuilder, string, Action{MemoryCheckOptions}, HealthStatus?, IEnumerable{string})"/>
    public static IHealthChecksBuilder AddMemory(this IHealthChecksBuilder builder) => builder.AddMemory(static _ => { });

    /// <summary>Checks the memory, under the name <c>memory</c>. Scope: local.</summary>
    /// <inheritdoc cref="AddMemory(IHealthChecksBuilder, string, Action{MemoryCheckOptions}, HealthStatus?, IEnumerable{string})"/>
    public static IHealthChecksBuilder AddMemory(this IHealthChecksBuilder builder, Action<MemoryCheckOptions> configure) => builder.AddMemory("memory", configure, null, []);

    /// <summary>Checks how much memory is used of the limit that the process is nearest to: of its control groups (version 1 and 2), or of the machine where they have none. Scope: local.</summary>
    /// <param name="builder">What <c>AddHealthChecks()</c> returned.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="configure">Sets the thresholds.</param>
    /// <param name="failureStatus">What a failure counts as; null: unhealthy.</param>
    /// <param name="tags">Tags of the check.</param>
    /// <exception cref="Options.OptionsValidationException">Some options are not allowed.</exception>
    public static IHealthChecksBuilder AddMemory(this IHealthChecksBuilder builder, string name, Action<MemoryCheckOptions> configure, HealthStatus? failureStatus, IEnumerable<string> tags)
    {
        MemoryCheckOptions options = CheckRegistration.Configured<MemoryCheckOptions>(name, configure, MemoryHealthCheck.Check);
        return builder.AddOwn(name, CheckScope.Local, failureStatus, tags, null, _ => new MemoryHealthCheck(new MemoryReader("/"), options));
    }
}
