namespace Failover.TestServers.Dns;

/// <summary>A make of name server that takes updates.</summary>
public enum NameServerKind
{
    /// <summary>BIND.</summary>
    Bind,

    /// <summary>Knot.</summary>
    Knot,

    /// <summary>PowerDNS, with its zones in SQLite.</summary>
    PowerDns,
}
