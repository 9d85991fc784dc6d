namespace Failover.HealthChecks;

/// <summary>What a check of the memory allows: <c>AddMemory(…)</c>.</summary>
public sealed class MemoryCheckOptions
{
    /// <summary>Gets or sets from which share of the limit the check fails, in percent.</summary>
    /// <value>The default is 95; above 0, up to 100.</value>
    public double MaximumPercent { get; set; } = 95;

    /// <summary>Gets or sets from which share of the limit the check is degraded, in percent.</summary>
    /// <value>The default is 90; above 0, not above <see cref="MaximumPercent"/>.</value>
    public double DegradedPercent { get; set; } = 90;
}
