namespace Failover.Keepalived;

/// <summary>How this node stands with the virtual address.</summary>
public enum VrrpStanding
{
    /// <summary>Nothing was heard of keepalived yet.</summary>
    Unknown,

    /// <summary>This node holds the address.</summary>
    Master,

    /// <summary>Another node holds the address, and this one would take over.</summary>
    Backup,

    /// <summary>keepalived on this node does not take part: the node is not fit, or its interface is down.</summary>
    Fault,

    /// <summary>keepalived on this node has gone, and the address is not here.</summary>
    DaemonLost,

    /// <summary>The address is here though keepalived does not hold it: it has gone without removing it, or somebody added it by hand.</summary>
    StrandedAddress,

    /// <summary>Neither this node nor its peer holds the address.</summary>
    NoMaster,

    /// <summary>Both nodes hold the address.</summary>
    DualMaster,
}
