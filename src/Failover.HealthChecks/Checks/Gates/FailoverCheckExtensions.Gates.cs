using Failover;
using Failover.HealthChecks;
using Failover.HealthChecks.Checks;
using Failover.HealthChecks.Checks.Gates;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <content>Gates.</content>
public static partial class FailoverCheckExtensions
{
    /// <summary>Checks a gate, under the gate's name. Scope: shared.</summary>
    /// <inheritdoc cref="AddPrimaryGate(IHealthChecksBuilder, string, string, HealthStatus?, IEnumerable{string})"/>
    public static IHealthChecksBuilder AddPrimaryGate(this IHealthChecksBuilder builder, string gateName) => builder.AddPrimaryGate(gateName, gateName, null, []);

    /// <summary>
    /// Checks a gate: the primary passes, as a standby does. It is degraded while the work behind it cannot be done here: the arbiter cannot be asked, who held the lease before could not be fenced, or a service behind it failed or does not
    /// stop. Scope: shared.
    /// </summary>
    /// <param name="builder">What <c>AddHealthChecks()</c> returned.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="gateName">The name of the gate, as it was given to <c>AddPrimaryGate</c> of <c>AddFailover()</c>. It need not be registered yet; that there is such a gate is checked when the host starts.</param>
    /// <param name="failureStatus">What a failure counts as; null: unhealthy. The check itself never fails, it is degraded.</param>
    /// <param name="tags">Tags of the check.</param>
    public static IHealthChecksBuilder AddPrimaryGate(this IHealthChecksBuilder builder, string name, string gateName, HealthStatus? failureStatus, IEnumerable<string> tags)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(gateName);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        builder.Services.AddFailover().RequireGate(gateName, $"The health check '{name}'");
        return builder.AddOwn(name, CheckScope.Shared, failureStatus, tags, null, services => new PrimaryGateHealthCheck(services.GetRequiredKeyedService<IPrimaryGate>(gateName), services.Time()));
    }
}
