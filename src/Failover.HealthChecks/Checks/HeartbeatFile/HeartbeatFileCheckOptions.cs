namespace Failover.HealthChecks;

/// <summary>How fresh a heartbeat file must be: <c>AddHeartbeatFile(…)</c>.</summary>
public sealed class HeartbeatFileCheckOptions
{
    /// <summary>Gets or sets how old the heartbeat may be. Older, the check fails.</summary>
    /// <value>The default is 5 minutes; from 1 second to 3650 days.</value>
    public TimeSpan MaximumAge { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Gets or sets from which age on the check is degraded; null for never.</summary>
    /// <value>The default is null; from 1 second to <see cref="MaximumAge"/>.</value>
    public TimeSpan? DegradedAge { get; set; }

    /// <summary>Gets or sets whether the file holds its time: ISO 8601 (without an offset: UTC), or seconds since 1970, as <c>date -u +%FT%TZ</c> and <c>date +%s</c> write them. Else the time of its last write counts, and a copy that does not keep
    /// it (<c>rsync</c> without <c>--times</c>) looks fresh each time it is made.</summary>
    /// <value>The default is false.</value>
    public bool ReadContent { get; set; }

    /// <summary>Gets or sets how far in the future the heartbeat may be, since two clocks are never quite the same. Further, the check is degraded.</summary>
    /// <value>The default is 5 seconds; from 0 to 1 day.</value>
    public TimeSpan ClockTolerance { get; set; } = TimeSpan.FromSeconds(5);
}
