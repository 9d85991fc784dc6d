using Failover.HealthChecks;
using Failover.HealthChecks.Checks;
using Failover.HealthChecks.Checks.HeartbeatFile;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <content>Freshness of copies.</content>
public static partial class FailoverCheckExtensions
{
    /// <summary>Checks that a heartbeat file was written not longer ago than that. The check is called <c>heartbeat</c> and the file's name. Scope: shared.</summary>
    /// <inheritdoc cref="AddHeartbeatFile(IHealthChecksBuilder, string, string, Action{HeartbeatFileCheckOptions}, HealthStatus?, IEnumerable{string})" path="/remarks"/>
    /// <param name="builder">What <c>AddHealthChecks()</c> returned.</param>
    /// <param name="path">The file.</param>
    /// <param name="maximumAge">How old it may be; from 1 second to 3650 days.</param>
    /// <exception cref="Options.OptionsValidationException">The age is not allowed.</exception>
    public static IHealthChecksBuilder AddHeartbeatFile(this IHealthChecksBuilder builder, string path, TimeSpan maximumAge)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return builder.AddHeartbeatFile($"heartbeat {Path.GetFileName(path)}", path, options => options.MaximumAge = maximumAge);
    }

    /// <summary>Checks how old a heartbeat file is. Scope: shared.</summary>
    /// <inheritdoc cref="AddHeartbeatFile(IHealthChecksBuilder, string, string, Action{HeartbeatFileCheckOptions}, HealthStatus?, IEnumerable{string})"/>
    public static IHealthChecksBuilder AddHeartbeatFile(this IHealthChecksBuilder builder, string name, string path, Action<HeartbeatFileCheckOptions> configure) => builder.AddHeartbeatFile(name, path, configure, null, []);

    /// <summary>Checks how old a heartbeat file is: one that its origin writes again and again, and that is copied here with all else (lsyncd, rsync, S3). Scope: shared.</summary>
    /// <remarks>
    /// Shared, since it fails on every copy when the origin dies: that is when a copy is needed most. A copy that alone is stale is left all the same, as soon as a peer proves that its own is fresh.
    /// </remarks>
    /// <param name="builder">What <c>AddHealthChecks()</c> returned.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="path">The file.</param>
    /// <param name="configure">Sets the thresholds, and whether the file holds its time.</param>
    /// <param name="failureStatus">What a failure counts as; null: unhealthy.</param>
    /// <param name="tags">Tags of the check.</param>
    /// <exception cref="Options.OptionsValidationException">Some options are not allowed.</exception>
    public static IHealthChecksBuilder AddHeartbeatFile(this IHealthChecksBuilder builder, string name, string path, Action<HeartbeatFileCheckOptions> configure, HealthStatus? failureStatus, IEnumerable<string> tags)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        HeartbeatFileCheckOptions options = CheckRegistration.Configured<HeartbeatFileCheckOptions>(name, configure, Heartbeat.Check);
        return builder.AddOwn(name, CheckScope.Shared, failureStatus, tags, null, services => new HeartbeatFileHealthCheck(path, options, services.Time()));
    }
}
