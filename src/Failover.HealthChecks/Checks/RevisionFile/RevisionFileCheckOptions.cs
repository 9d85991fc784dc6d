namespace Failover.HealthChecks;

/// <summary>How long revisions may differ: <c>AddRevisionFile(…)</c>.</summary>
public sealed class RevisionFileCheckOptions
{
    /// <summary>Gets or sets how long this node's revision may differ from a peer's before the check is degraded: as long as a deployment takes from the first node to the last.</summary>
    /// <value>The default is 10 minutes; from 0 to 7 days.</value>
    public TimeSpan Grace { get; set; } = TimeSpan.FromMinutes(10);
}
