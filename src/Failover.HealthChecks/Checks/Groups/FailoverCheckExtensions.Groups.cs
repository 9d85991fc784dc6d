using Failover;
using Failover.HealthChecks;
using Failover.HealthChecks.Checks;
using Failover.HealthChecks.Checks.Groups;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <content>Failover groups.</content>
public static partial class FailoverCheckExtensions
{
    /// <summary>Checks a failover group, under the group's name. Scope: shared.</summary>
    /// <inheritdoc cref="AddFailoverGroup(IHealthChecksBuilder, string, string, Action{FailoverGroupCheckOptions}, HealthStatus?, IEnumerable{string})"/>
    public static IHealthChecksBuilder AddFailoverGroup(this IHealthChecksBuilder builder, string groupName) => builder.AddFailoverGroup(groupName, static _ => { });

    /// <summary>Checks a failover group, under the group's name. Scope: shared.</summary>
    /// <inheritdoc cref="AddFailoverGroup(IHealthChecksBuilder, string, string, Action{FailoverGroupCheckOptions}, HealthStatus?, IEnumerable{string})"/>
    public static IHealthChecksBuilder AddFailoverGroup(this IHealthChecksBuilder builder, string groupName, Action<FailoverGroupCheckOptions> configure) => builder.AddFailoverGroup(groupName, groupName, configure, null, []);

    /// <summary>Checks a failover group, under the group's name. Scope: shared.</summary>
    /// <inheritdoc cref="AddFailoverGroup(IHealthChecksBuilder, string, string, Action{FailoverGroupCheckOptions}, HealthStatus?, IEnumerable{string})"/>
    public static IHealthChecksBuilder AddFailoverGroup(this IHealthChecksBuilder builder, string groupName, HealthStatus? failureStatus, IEnumerable<string> tags) => builder.AddFailoverGroup(groupName, groupName, static _ => { }, failureStatus, tags);

    /// <summary>
    /// Checks a failover group: one that has settled passes, on its primary as on its secondary; one that is switching is degraded until its grace ends; one that is starting or unavailable, or has two primaries, fails. Scope: shared.
    /// </summary>
    /// <param name="builder">What <c>AddHealthChecks()</c> returned.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="groupName">The name of the group. It need not be registered yet; that there is such a group is checked when the host starts, or without a host when a group is first used.</param>
    /// <param name="configure">Sets the grace.</param>
    /// <param name="failureStatus">What a failure counts as; null: unhealthy.</param>
    /// <param name="tags">Tags of the check.</param>
    /// <exception cref="Options.OptionsValidationException">Some options are not allowed.</exception>
    public static IHealthChecksBuilder AddFailoverGroup(this IHealthChecksBuilder builder, string name, string groupName, Action<FailoverGroupCheckOptions> configure, HealthStatus? failureStatus, IEnumerable<string> tags)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(groupName);
        FailoverGroupCheckOptions options = CheckRegistration.Configured<FailoverGroupCheckOptions>(name, configure, FailoverGroupRules.Check);
        builder.Services.AddFailover().RequireGroup(groupName, $"The health check '{name}'");
        return builder.AddOwn(name, CheckScope.Shared, failureStatus, tags, null, services => new FailoverGroupHealthCheck(services.GetRequiredService<FailoverGroups>()[groupName], options));
    }
}
