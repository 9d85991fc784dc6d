namespace Failover.HealthChecks;

/// <summary>How far the clock of this node may be from those of its peers: <c>AddClockSkew(…)</c>.</summary>
public sealed class ClockSkewCheckOptions
{
    /// <summary>Gets or sets from which difference on the check is degraded.</summary>
    /// <value>The default is 1 second; from 1 millisecond to <see cref="MaximumSkew"/>.</value>
    public TimeSpan DegradedSkew { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets from which difference on the check fails.</summary>
    /// <value>The default is 10 seconds; from 1 millisecond to 5 minutes. Peers whose clocks are further away than <c>Failover:Peers:Window</c> do not answer, so keep it below that.</value>
    public TimeSpan MaximumSkew { get; set; } = TimeSpan.FromSeconds(10);
}
