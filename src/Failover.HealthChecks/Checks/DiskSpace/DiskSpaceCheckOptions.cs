namespace Failover.HealthChecks;

/// <summary>What a check of a disk allows: <c>AddDiskSpace(…)</c>. A threshold of 0 is off.</summary>
public sealed class DiskSpaceCheckOptions
{
    /// <summary>Gets or sets how many bytes must be free for the app. With less the check fails.</summary>
    /// <value>The default is 0; not negative.</value>
    public long MinimumFreeBytes { get; set; }

    /// <summary>Gets or sets how much of the space must be free, in percent as <c>df</c> counts: of what is used and what the app may still use. With less the check fails.</summary>
    /// <value>The default is 5, and 0 where the check is added with <c>minimumFreeBytes</c> alone; from 0 to 100.</value>
    public double MinimumFreePercent { get; set; } = 5;

    /// <summary>Gets or sets how much of the inodes must be free, in percent. With less the check fails. Linux alone; ignored where a file system does not count any.</summary>
    /// <value>The default is 5; from 0 to 100.</value>
    public double MinimumFreeInodesPercent { get; set; } = 5;

    /// <summary>Gets or sets below how many free bytes the check is degraded.</summary>
    /// <value>The default is 0; not below <see cref="MinimumFreeBytes"/>, unless it is 0.</value>
    public long DegradedFreeBytes { get; set; }

    /// <summary>Gets or sets below which share of free space the check is degraded, in percent.</summary>
    /// <value>The default is 10, and 0 where the check is added with <c>minimumFreeBytes</c> alone; from 0 to 100; not below <see cref="MinimumFreePercent"/>, unless it is 0.</value>
    public double DegradedFreePercent { get; set; } = 10;

    /// <summary>Gets or sets below which share of free inodes the check is degraded, in percent.</summary>
    /// <value>The default is 10; from 0 to 100; not below <see cref="MinimumFreeInodesPercent"/>, unless it is 0.</value>
    public double DegradedFreeInodesPercent { get; set; } = 10;

    /// <summary>Gets or sets whether a file system that is mounted read-only passes. Seen on 64-bit Linux alone; elsewhere <see cref="Write"/> finds out.</summary>
    /// <value>The default is false.</value>
    public bool AllowReadOnly { get; set; }

    /// <summary>Gets or sets whether each run writes a file of 4 KiB into the folder, flushes it to the disk (fsync) and reads it back. The file has lost its name before it is written: nothing stays behind.</summary>
    /// <value>The default is false.</value>
    public bool Write { get; set; }
}
