namespace Failover.DnsSwitching;

/// <summary>What a value of a name is.</summary>
public enum DnsRecordKind
{
    /// <summary>An IPv4 address.</summary>
    A,

    /// <summary>An IPv6 address.</summary>
    AAAA,

    /// <summary>Another name, of which this one is an alias.</summary>
    CName,
}
