namespace Failover.HealthChecks;

/// <summary>What a check of a failover group allows: <c>AddFailoverGroup(…)</c>.</summary>
public sealed class FailoverGroupCheckOptions
{
    /// <summary>Gets or sets how long a group may be switching before the check fails; until then it is degraded.</summary>
    /// <value>The default is 30 seconds; from 0 to 1 hour.</value>
    public TimeSpan SwitchingGrace { get; set; } = TimeSpan.FromSeconds(30);
}
