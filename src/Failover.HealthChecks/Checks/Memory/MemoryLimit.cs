namespace Failover.HealthChecks.Checks.Memory;

/// <summary>Whose limit it is.</summary>
internal enum MemoryLimit
{
    ControlGroupV2,
    ControlGroupV1,
    Machine,

    /// <summary>What the .NET runtime takes for the memory of the machine.</summary>
    Runtime,
}
