namespace Failover.Scenarios.Faults;

/// <summary>What can be asked for by name; all of it runs when none is named.</summary>
internal static class AllFaults
{
    internal static readonly IReadOnlyList<Fault> All =
        [new Kill(), new Freeze(), new Status503(), new Slow(), new LowRate(), new Flap(), new Post(), new SlowPosts(), new Hog()];
}
