using System.Globalization;

namespace Failover.HealthChecks.Checks.DiskSpace;

/// <summary>What the use of a file system means. Pure.</summary>
internal static class DiskSpaceRules
{
    internal static CheckFinding Judge(FileSystemUse use, DiskSpaceCheckOptions options)
    {
        if (use.IsReadOnly && !options.AllowReadOnly)
        {
            return CheckFinding.Unhealthy("the file system is read-only");
        }

        return Less(use, options.MinimumFreeBytes, options.MinimumFreePercent, options.MinimumFreeInodesPercent) is { } tooLittle ? CheckFinding.Unhealthy(tooLittle)
            : Less(use, options.DegradedFreeBytes, options.DegradedFreePercent, options.DegradedFreeInodesPercent) is { } little ? CheckFinding.Degraded(little)
            : CheckFinding.Healthy;
    }

    internal static void Check(DiskSpaceCheckOptions options, OptionsCheck check)
    {
        check.InRange(nameof(options.MinimumFreeBytes), options.MinimumFreeBytes, 0, long.MaxValue);
        check.InRange(nameof(options.MinimumFreePercent), options.MinimumFreePercent, 0, 100);
        check.InRange(nameof(options.MinimumFreeInodesPercent), options.MinimumFreeInodesPercent, 0, 100);
        NotBelow(check, nameof(options.DegradedFreeBytes), options.DegradedFreeBytes, nameof(options.MinimumFreeBytes), options.MinimumFreeBytes, long.MaxValue);
        NotBelow(check, nameof(options.DegradedFreePercent), options.DegradedFreePercent, nameof(options.MinimumFreePercent), options.MinimumFreePercent, 100);
        NotBelow(check, nameof(options.DegradedFreeInodesPercent), options.DegradedFreeInodesPercent, nameof(options.MinimumFreeInodesPercent), options.MinimumFreeInodesPercent, 100);
    }

    private static void NotBelow<T>(OptionsCheck check, string key, T value, string minimumKey, T minimum, T most)
        where T : struct, IComparable<T>
    {
        check.InRange(key, value, default, most);
        if (!check.IsRefused(key) && !check.IsRefused(minimumKey) && value.CompareTo(default) > 0 && value.CompareTo(minimum) < 0)
        {
            check.Refuse(key, value, string.Create(CultureInfo.InvariantCulture, $"must be 0, or not below {minimumKey} ({minimum})"));
        }
    }

    private static string? Less(FileSystemUse use, long bytes, double percent, double inodesPercent) =>
        use.FreeBytes < bytes ? string.Create(CultureInfo.InvariantCulture, $"{use.FreeBytes} bytes are free, below {bytes}")
        : use.FreePercent < percent ? string.Create(CultureInfo.InvariantCulture, $"{use.FreePercent} % is free, below {percent} %")
        : use.Inodes > 0 && use.FreeInodesPercent < inodesPercent ? string.Create(CultureInfo.InvariantCulture, $"{use.FreeInodesPercent} % of the inodes is free, below {inodesPercent} %")
        : null;
}
