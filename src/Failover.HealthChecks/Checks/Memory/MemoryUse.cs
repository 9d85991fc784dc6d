namespace Failover.HealthChecks.Checks.Memory;

/// <summary>How much of which limit is used.</summary>
/// <param name="UsedBytes">What is used, without what the kernel would give back at once.</param>
/// <param name="LimitBytes">The limit.</param>
/// <param name="LimitOf">Whose limit.</param>
internal sealed record MemoryUse(long UsedBytes, long LimitBytes, MemoryLimit LimitOf)
{
    internal double UsedPercent => Math.Round(100.0 * UsedBytes / LimitBytes, 2);
}
