namespace Failover.DnsSwitching;

/// <summary>How requests to a name server are signed (RFC 8945 section 6). MD5 and SHA-1 are not among them.</summary>
public enum TsigAlgorithm
{
    /// <summary>HMAC-SHA256.</summary>
    HmacSha256,

    /// <summary>HMAC-SHA384.</summary>
    HmacSha384,

    /// <summary>HMAC-SHA512.</summary>
    HmacSha512,
}
