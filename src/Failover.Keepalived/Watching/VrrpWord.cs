namespace Failover.Keepalived.Watching;

/// <summary>What keepalived says of an instance or a group.</summary>
internal enum VrrpWord
{
    /// <summary>It takes the address.</summary>
    Master,

    /// <summary>It would take over.</summary>
    Backup,

    /// <summary>It takes no part.</summary>
    Fault,

    /// <summary>keepalived stops, and has removed the address.</summary>
    Stop,

    /// <summary>The instance is no longer in the configuration.</summary>
    Deleted,

    /// <summary>Another master of a lower priority is heard. No state: it stays master, and says so again and again.</summary>
    HeardLowerMaster,

    /// <summary>Its priority has changed. No state, whatever its name says: after a reload a master says <see cref="BackupPriority"/>.</summary>
    MasterPriority,

    /// <summary>Its priority has changed. No state.</summary>
    BackupPriority,
}
