namespace Failover;

/// <summary>Why the active member changed.</summary>
public enum SwitchoverCause
{
    /// <summary>The first active member after the start.</summary>
    Initial,

    /// <summary>The active member failed.</summary>
    Failover,

    /// <summary>A preferred member was healthy again for the whole hold-down.</summary>
    Switchback,

    /// <summary>Somebody asked for it.</summary>
    Manual,

    /// <summary>The active member was drained, or said that it is about to leave.</summary>
    Drain,

    /// <summary>Somebody else moved it: a promotion or a record changed by another hand, while the old member was well.</summary>
    External,

    /// <summary>The active member was removed from the group.</summary>
    MemberRemoved,
}
