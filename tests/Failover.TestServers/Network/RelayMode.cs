namespace Failover.TestServers.Network;

/// <summary>What a relay does with bytes and connections.</summary>
public enum RelayMode
{
    /// <summary>It passes everything on.</summary>
    Pass,

    /// <summary>It passes nothing on and closes nothing: connections that are there stay, and no byte comes; whoever connects waits. What was sent meanwhile arrives afterwards.</summary>
    Blackhole,

    /// <summary>It has reset all connections, and resets each new one.</summary>
    Cut,
}
