namespace Failover.DnsSwitching.Wire;

/// <summary>Types and classes of DNS that are used here (RFC 1035 section 3.2, RFC 3596, RFC 2136 section 2.4, RFC 8945).</summary>
internal static class DnsType
{
    internal const ushort A = 1;
    internal const ushort Cname = 5;
    internal const ushort Soa = 6;
    internal const ushort Txt = 16;
    internal const ushort Aaaa = 28;
    internal const ushort Tsig = 250;

    internal const ushort Internet = 1;

    /// <summary>The class of prerequisites «is absent» (RFC 2136 section 2.4.3).</summary>
    internal const ushort None = 254;

    /// <summary>The class of prerequisites «exists», and of updates that delete all of a type (RFC 2136 sections 2.4.1 and 2.5.2); of TSIG, too.</summary>
    internal const ushort AnyClass = 255;

    /// <summary>What commonly stands beside addresses, and may not beside an alias: NS, PTR, HINFO, MX, TXT, RP, LOC, SRV, NAPTR, SSHFP, TLSA, SVCB, HTTPS, CAA.</summary>
    internal static IReadOnlyList<ushort> CommonOthers { get; } = [2, 12, 13, 15, Txt, 17, 29, 33, 35, 44, 52, 64, 65, 257];
}
