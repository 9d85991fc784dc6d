namespace Failover;

/// <summary>How far a switchover has come.</summary>
public enum SwitchoverOutcome
{
    /// <summary>Decided, and not all of its times are known.</summary>
    InProgress,

    /// <summary>The new member is active.</summary>
    Completed,

    /// <summary>It was given up before the new member became active: no longer wanted, or overtaken by another decision.</summary>
    Abandoned,
}
