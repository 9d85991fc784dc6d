using System.Security.Cryptography;

namespace Failover.DnsSwitching.Tsig;

/// <summary>A key that a name server and this app share. It never shows its secret.</summary>
internal sealed class TsigKey(string name, TsigAlgorithm algorithm, byte[] secret)
{
    /// <summary>Gets its name, as the server knows it, in lower case without the last dot.</summary>
    internal string Name { get; } = name.TrimEnd('.').ToLowerInvariant();

    /// <summary>Gets the name of its algorithm in a message.</summary>
    internal string Algorithm { get; } = algorithm switch
    {
        TsigAlgorithm.HmacSha384 => "hmac-sha384",
        TsigAlgorithm.HmacSha512 => "hmac-sha512",
        _ => "hmac-sha256",
    };

    internal byte[] Sign(ReadOnlySpan<byte> data) => algorithm switch
    {
        TsigAlgorithm.HmacSha384 => HMACSHA384.HashData(secret, data),
        TsigAlgorithm.HmacSha512 => HMACSHA512.HashData(secret, data),
        _ => HMACSHA256.HashData(secret, data),
    };

    public override string ToString() => $"{Name} ({Algorithm})";
}
