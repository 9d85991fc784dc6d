namespace Failover.Redis.Tunnel;

/// <summary>How connections are moved away from a node.</summary>
internal enum TunnelMode
{
    /// <summary>The multiplexer is told that its server moves: it lets what is on its way be answered, keeps what is new, and connects anew.</summary>
    Handoff,

    /// <summary>The connections are cut: what is on its way is of unknown outcome. So where the multiplexer does not take being told.</summary>
    Cut,
}
