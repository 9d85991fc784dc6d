namespace Failover.Scenarios.Faults;

/// <summary>What can be asked for by name.</summary>
internal static class AllFaults
{
    internal static readonly IReadOnlyList<Fault> All = [new Kill(), new Status503(), new LowRate(), new Freeze(), new Flap(), new Slow(), new Post()];

    /// <summary>Those that run when none is named.</summary>
    internal static readonly IReadOnlyList<Fault> Default = [.. All.Take(3)];
}
