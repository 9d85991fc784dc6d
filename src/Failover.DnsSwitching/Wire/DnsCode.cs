namespace Failover.DnsSwitching.Wire;

/// <summary>What a server says came of a request (RFC 1035 section 4.1.1, RFC 2136 section 2.2), and the errors of TSIG beside it (RFC 8945 section 3).</summary>
internal enum DnsCode : ushort
{
    NoError = 0,
    FormErr = 1,
    ServFail = 2,
    NxDomain = 3,
    NotImp = 4,
    Refused = 5,
    YxDomain = 6,
    YxRrset = 7,
    NxRrset = 8,
    NotAuth = 9,
    NotZone = 10,
    BadSig = 16,
    BadKey = 17,
    BadTime = 18,
    BadTrunc = 22,
}
