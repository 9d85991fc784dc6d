namespace Failover;

/// <summary>What happens when a member that is preferred to the active one is healthy again.</summary>
public enum SwitchbackMode
{
    /// <summary>The group goes back to it after the hold-down.</summary>
    Auto,

    /// <summary>The group stays, and says that a switchback is pending, until somebody asks for it.</summary>
    Manual,

    /// <summary>The group stays; the member that is active is as good as any.</summary>
    Never,
}
