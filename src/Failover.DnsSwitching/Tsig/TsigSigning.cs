using System.Buffers.Binary;
using System.Security.Cryptography;
using Failover.DnsSwitching.Wire;

namespace Failover.DnsSwitching.Tsig;

/// <summary>Signs requests and verifies answers (RFC 8945 sections 4.3 and 5.3).</summary>
internal static class TsigSigning
{
    /// <summary>How far two clocks may be apart, in seconds: what the standard recommends.</summary>
    internal const ushort Fudge = 300;

    private const int CountOfAdditional = 10;

    /// <summary>Adds the signature to a request, and returns it: the answer is signed together with it.</summary>
    internal static byte[] Sign(DnsWriter message, ushort id, TsigKey key, DateTimeOffset now)
    {
        long seconds = now.ToUnixTimeSeconds();
        byte[] mac = key.Sign(new DnsWriter().Bytes(message.Written).Bytes(Variables(key, seconds, Fudge, DnsCode.NoError, []).Written).Written);
        DnsWriter data = new DnsWriter().Name(key.Algorithm).Time48(seconds).Short(Fudge).Short((ushort)mac.Length).Bytes(mac).Short(id).Short((ushort)DnsCode.NoError).Short(0);
        message.Record(new(key.Name, DnsType.Tsig, DnsType.AnyClass, 0, data.Written.ToArray()));
        message.SetShort(CountOfAdditional, (ushort)(AdditionalOf(message.Written) + 1));
        return mac;
    }

    /// <summary>Verifies an answer.</summary>
    /// <param name="bytes">The whole answer.</param>
    /// <param name="signatureAt">Where its signature begins.</param>
    /// <param name="signature">The signature.</param>
    /// <param name="key">The key.</param>
    /// <param name="id">The number of the request.</param>
    /// <param name="request">The signature of the request.</param>
    /// <param name="now">Our clock.</param>
    /// <returns>Why it is not to be believed; null if it is.</returns>
    internal static string? WhyNot(ReadOnlySpan<byte> bytes, int signatureAt, TsigRecord signature, TsigKey key, ushort id, byte[] request, DateTimeOffset now)
    {
        if (signature.Key != key.Name || signature.Algorithm != key.Algorithm || signature.OriginalId != id)
        {
            return "it is signed with another key, or for another request";
        }

        // As it was when it was signed: without the signature.
        DnsWriter signed = new();
        signed.Short((ushort)request.Length).Bytes(request);
        int begin = signed.Length;
        signed.Bytes(bytes[..signatureAt]);
        signed.SetShort(begin + CountOfAdditional, (ushort)(AdditionalOf(bytes) - 1));
        signed.Bytes(Variables(key, signature.Time, signature.Fudge, signature.Error, signature.Other).Written);
        if (!CryptographicOperations.FixedTimeEquals(key.Sign(signed.Written), signature.Mac))
        {
            return "it is not signed with the secret of our key";
        }

        // A server that refuses our clock signs with the time that we gave, and tells its own beside.
        long apart = signature.Time - now.ToUnixTimeSeconds();
        return signature.Error != DnsCode.BadTime && Math.Abs(apart) > Fudge ? $"it was signed at another time: the clock of the server differs by {apart} s" : null;
    }

    private static ushort AdditionalOf(ReadOnlySpan<byte> message) => BinaryPrimitives.ReadUInt16BigEndian(message[CountOfAdditional..]);

    private static DnsWriter Variables(TsigKey key, long time, ushort fudge, DnsCode error, byte[] other) =>
        new DnsWriter().Name(key.Name).Short(DnsType.AnyClass).Int(0).Name(key.Algorithm).Time48(time).Short(fudge).Short((ushort)error).Short((ushort)other.Length).Bytes(other);
}
