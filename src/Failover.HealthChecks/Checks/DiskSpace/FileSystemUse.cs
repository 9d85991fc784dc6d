namespace Failover.HealthChecks.Checks.DiskSpace;

/// <summary>How full a file system is.</summary>
/// <param name="FreeBytes">What the app may still use.</param>
/// <param name="UsedBytes">What is used; what is kept for root counts neither as this nor as free.</param>
/// <param name="FreeInodes">Inodes that the app may still use.</param>
/// <param name="Inodes">All inodes; 0 where they are not counted.</param>
/// <param name="IsReadOnly">Whether it takes no writes.</param>
internal readonly record struct FileSystemUse(long FreeBytes, long UsedBytes, long FreeInodes, long Inodes, bool IsReadOnly)
{
    internal double FreePercent => PercentOf(FreeBytes, (double)FreeBytes + UsedBytes);

    internal double FreeInodesPercent => PercentOf(FreeInodes, Inodes);

    private static double PercentOf(long part, double whole) => whole <= 0 ? 100 : Math.Round(100.0 * part / whole, 2);
}
