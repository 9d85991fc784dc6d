using Failover.HealthChecks;
using Failover.HealthChecks.Checks;
using Failover.HealthChecks.Checks.DiskSpace;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <content>Disks.</content>
public static partial class FailoverCheckExtensions
{
    /// <summary>Checks that a file system has that many bytes free for the app, is not read-only, and has inodes left. The check is called <c>disk</c> and the path. Scope: local.</summary>
    /// <param name="builder">What <c>AddHealthChecks()</c> returned.</param>
    /// <param name="path">A file or folder of the file system. One check looks at one: add one for each mount.</param>
    /// <param name="minimumFreeBytes">With less the check fails.</param>
    /// <exception cref="Options.OptionsValidationException">The number is negative.</exception>
    public static IHealthChecksBuilder AddDiskSpace(this IHealthChecksBuilder builder, string path, long minimumFreeBytes) => builder.AddDiskSpace(path, options =>
    {
        options.MinimumFreeBytes = minimumFreeBytes;

        // Who says how much is enough is not asked for a share of a disk of any size.
        (options.MinimumFreePercent, options.DegradedFreePercent) = (0, 0);
    });

    /// <summary>Checks a file system. The check is called <c>disk</c> and the path. Scope: local.</summary>
    /// <inheritdoc cref="AddDiskSpace(IHealthChecksBuilder, string, string, Action{DiskSpaceCheckOptions}, HealthStatus?, IEnumerable{string})"/>
    public static IHealthChecksBuilder AddDiskSpace(this IHealthChecksBuilder builder, string path, Action<DiskSpaceCheckOptions> configure)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);

        // A colon parts the keys of configuration.
        return builder.AddDiskSpace($"disk {path.Replace(":", "", StringComparison.Ordinal)}", path, configure);
    }

    /// <summary>Checks a file system. Scope: local.</summary>
    /// <inheritdoc cref="AddDiskSpace(IHealthChecksBuilder, string, string, Action{DiskSpaceCheckOptions}, HealthStatus?, IEnumerable{string})"/>
    public static IHealthChecksBuilder AddDiskSpace(this IHealthChecksBuilder builder, string name, string path, Action<DiskSpaceCheckOptions> configure) => builder.AddDiskSpace(name, path, configure, null, []);

    /// <summary>Checks a file system: free space and inodes, whether it is read-only, and whether it can be written to if it is told to find out. Scope: local.</summary>
    /// <param name="builder">What <c>AddHealthChecks()</c> returned.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="path">A file or folder of the file system; for <see cref="DiskSpaceCheckOptions.Write"/> a folder. One check looks at one: add one for each mount.</param>
    /// <param name="configure">Sets the thresholds.</param>
    /// <param name="failureStatus">What a failure counts as; null: unhealthy.</param>
    /// <param name="tags">Tags of the check.</param>
    /// <exception cref="Options.OptionsValidationException">Some options are not allowed.</exception>
    public static IHealthChecksBuilder AddDiskSpace(this IHealthChecksBuilder builder, string name, string path, Action<DiskSpaceCheckOptions> configure, HealthStatus? failureStatus, IEnumerable<string> tags)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        DiskSpaceCheckOptions options = CheckRegistration.Configured<DiskSpaceCheckOptions>(name, configure, DiskSpaceRules.Check);
        return builder.AddOwn(name, CheckScope.Local, failureStatus, tags, null, services => new DiskSpaceHealthCheck(path, options, services.Time()));
    }
}
