namespace Failover;

/// <summary>How a probe ended.</summary>
public enum ProbeOutcome
{
    /// <summary>The member answered as it should.</summary>
    Succeeded,

    /// <summary>The member could not be reached, refused, or gave an answer that is not one.</summary>
    Failed,

    /// <summary>The member did not answer in time.</summary>
    TimedOut,

    /// <summary>The member answered that it is about to leave: move away from it, without counting a failure.</summary>
    Draining,
}
