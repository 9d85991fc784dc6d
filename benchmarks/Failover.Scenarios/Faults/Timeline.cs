namespace Failover.Scenarios.Faults;

/// <summary>How long a run is healthy, faulty, and watched after at most: it ends when the primary has served again for a while.</summary>
internal readonly record struct Timeline(TimeSpan Healthy, TimeSpan Fault, TimeSpan After)
{
    internal static Timeline Full => Seconds(5, 12, 8);

    internal static Timeline Short => Seconds(1, 2, 1);

    internal static Timeline Seconds(double healthy, double fault, double after) =>
        new(TimeSpan.FromSeconds(healthy), TimeSpan.FromSeconds(fault), TimeSpan.FromSeconds(after));
}
