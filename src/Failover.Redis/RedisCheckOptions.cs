namespace Failover.Redis;

/// <summary>What the health check of a Redis group looks at: <c>AddRedis(…)</c> on <c>AddHealthChecks()</c>.</summary>
public sealed class RedisCheckOptions
{
    /// <summary>Gets or sets how long a group may be switching before the check fails; until then it is degraded.</summary>
    /// <value>The default is 30 seconds; from 0 to 1 hour.</value>
    public TimeSpan SwitchingGrace { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets how long the master has to answer before the check fails.</summary>
    /// <value>The default is 1.5 seconds; from 10 milliseconds to 1 minute.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(1.5);

    /// <summary>
    /// Gets or sets the key that each run of the check sets, reads and deletes over the app's own connection, with the process's own suffix; null to write nothing. It ends by itself after a minute.
    /// </summary>
    /// <value>The default is <c>failover:health</c>.</value>
    public string? ProbeKey { get; set; } = "failover:health";

    /// <summary>Gets or sets how much of <c>maxmemory</c> may be used before the check is degraded. Where the server evicts keys (<c>maxmemory-policy</c> other than <c>noeviction</c>), or has no limit, it is not looked at.</summary>
    /// <value>The default is 90 %; above 0, up to 100.</value>
    public double MaximumMemoryPercent { get; set; } = 90;

    /// <summary>Gets or sets how long the sentinels may take to notice a dead master, as they are configured (<c>down-after-milliseconds</c>), before the check is degraded.</summary>
    /// <value>The default is 10 seconds: with Redis's own default of 30 seconds a failover cannot begin within 30 seconds. From 1 second to 1 hour.</value>
    public TimeSpan MaximumDownAfter { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets whether a master that takes writes without any replica in reach (<c>min-replicas-to-write 0</c>, the default of Redis) makes the check degraded.</summary>
    /// <value>The default is true.</value>
    public bool RequireMinReplicasToWrite { get; set; } = true;
}
