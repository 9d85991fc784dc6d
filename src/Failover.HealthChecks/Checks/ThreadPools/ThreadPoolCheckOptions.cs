namespace Failover.HealthChecks;

/// <summary>What a check of the thread pool allows: <c>AddThreadPool(…)</c>.</summary>
public sealed class ThreadPoolCheckOptions
{
    /// <summary>Gets or sets how long a queued work item may wait for a thread. When one has waited longer the check fails, and waits no longer itself.</summary>
    /// <value>The default is 1 second; from 1 millisecond to 1 minute. Keep it below the timeout of the check.</value>
    public TimeSpan MaximumWait { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets from which wait the check is degraded.</summary>
    /// <value>The default is 250 milliseconds; from 1 millisecond, not above <see cref="MaximumWait"/>.</value>
    public TimeSpan DegradedWait { get; set; } = TimeSpan.FromMilliseconds(250);
}
