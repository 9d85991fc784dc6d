namespace Failover.Keepalived.Publishing;

/// <summary>Whether a fit node leaves the address to its peer.</summary>
internal enum Holding
{
    /// <summary>It does not.</summary>
    No,

    /// <summary>It was asked to move it there, and has it still.</summary>
    Leaving,

    /// <summary>The peer has it, and is to keep it for now.</summary>
    Waiting,

    /// <summary>It has lost it without being asked, and waits to hear whether the peer is to keep it.</summary>
    Lost,
}
