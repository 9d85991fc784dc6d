namespace Failover.Keepalived.Sites;

/// <summary>The role of a node, as its own keepalived has it.</summary>
internal enum VrrpRole
{
    /// <summary>It takes no part: in fault, stopped, gone, or not known.</summary>
    Out,

    /// <summary>It would take over.</summary>
    Backup,

    /// <summary>It holds the address.</summary>
    Master,
}
