namespace Failover;

/// <summary>The verdicts on this node's health. Immutable.</summary>
public sealed record HealthVerdicts
{
    /// <summary>Gets whether the node is fully operational: started, not draining, with its settings in force, and every critical and degrading check healthy. What /health says.</summary>
    public required bool Operational { get; init; }

    /// <summary>
    /// Gets whether traffic should be sent here: started, not draining, and no critical check is unhealthy that is the node's own, or stale. A check of something that all nodes share does not count, unless a peer provably does not have the failure:
    /// else a shared database that is electing would take every node out of service at once. What /health/ready and routing say.
    /// </summary>
    public required bool CanServe { get; init; }

    /// <summary>Gets whether the process works, whatever it depends on: its checks come to run. While they do not, the node is neither operational nor able to serve. What /health/live says.</summary>
    public required bool Alive { get; init; }

    /// <summary>Gets whether every critical check has passed once since the process began. What /health/startup says.</summary>
    public required bool IsStarted { get; init; }

    /// <summary>Gets whether the node is on its way out and wants no new traffic.</summary>
    public required bool IsDraining { get; init; }

    /// <summary>
    /// Gets whether the node cannot serve for no other reason than that its checks have not come to run for too long: so it is for some milliseconds in a process that wakes up. What acts on health with consequences may wait a moment for the checks to run.
    /// </summary>
    /// <value>The default is false.</value>
    public bool IsStale { get; init; }

    /// <summary>Gets why it is not operational, in a few words without secrets: names of checks and states; null if it is.</summary>
    public string? Reason { get; init; }
}
