namespace Failover.HealthChecks;

/// <summary>What a check that fails means for the node. Where settings do not say it, the registration does: <c>failureStatus</c> Unhealthy (the default) is critical, Degraded is degrading; a tag <c>critical</c>, <c>degrading</c> or <c>info</c> stands over that.</summary>
public enum Criticality
{
    /// <summary>The node cannot do its work: it is not operational, and if the failure is its own, it should get no traffic.</summary>
    Critical,

    /// <summary>The node works with a loss: it is not fully operational, and goes on getting traffic.</summary>
    Degrading,

    /// <summary>Shown, and counts for no verdict.</summary>
    Info,
}
