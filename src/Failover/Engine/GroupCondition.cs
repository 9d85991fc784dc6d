namespace Failover;

/// <summary>How a group stands.</summary>
public enum GroupCondition
{
    /// <summary>No member has proven itself yet.</summary>
    Starting,

    /// <summary>The active member is proven and is the one that should be active.</summary>
    Settled,

    /// <summary>The active member is suspected, gone, drained, or a switch is under way.</summary>
    Switching,

    /// <summary>No member is proven, and the time to find one is over.</summary>
    Unavailable,

    /// <summary>Two members prove to be primary at the same epoch. None is active until one is left.</summary>
    SplitBrain,
}
