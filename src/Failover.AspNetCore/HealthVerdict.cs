namespace Failover.AspNetCore;

/// <summary>The question that a health endpoint answers.</summary>
public enum HealthVerdict
{
    /// <summary>Is the node fully operational? <see cref="HealthVerdicts.Operational"/>.</summary>
    Operational,

    /// <summary>Should traffic be sent here? <see cref="HealthVerdicts.CanServe"/>.</summary>
    CanServe,

    /// <summary>Does the process work, whatever it depends on? <see cref="HealthVerdicts.Alive"/>.</summary>
    Alive,

    /// <summary>Has every critical check passed once? <see cref="HealthVerdicts.IsStarted"/>.</summary>
    Started,
}
