namespace Failover.HealthChecks;

/// <summary>What a check of a distributed cache does: <c>AddDistributedCache(…)</c>.</summary>
public sealed class DistributedCacheCheckOptions
{
    /// <summary>Gets or sets what the key of the probe begins with; the node's name and a number of the process follow. Choose one that the cache's access rules allow.</summary>
    /// <value>The default is <c>failover:health:</c>.</value>
    public string KeyPrefix { get; set; } = "failover:health:";

    /// <summary>Gets or sets how long a probe's entry lives that was not removed.</summary>
    /// <value>The default is 30 seconds; from 1 second to 1 hour.</value>
    public TimeSpan Expiry { get; set; } = TimeSpan.FromSeconds(30);
}
