namespace Failover.Keepalived.SplitBrain;

/// <summary>What a <see cref="Lookout"/> has done.</summary>
[Flags]
internal enum LookoutAct
{
    None = 0,

    /// <summary>Ask the network who else has the address.</summary>
    Probe = 1,

    /// <summary>Tell the network that the address is here.</summary>
    Announce = 2,

    /// <summary>Log that no other holder is seen any more.</summary>
    TellGone = 4,
}
