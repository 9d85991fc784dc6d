using Failover.DnsSwitching.Wire;

namespace Failover.DnsSwitching.Tsig;

/// <summary>What a signature says (RFC 8945 section 4.2).</summary>
internal sealed record TsigRecord(string Key, string Algorithm, long Time, ushort Fudge, byte[] Mac, ushort OriginalId, DnsCode Error, byte[] Other)
{
    /// <summary>Reads it from the end of a message.</summary>
    /// <exception cref="DnsFormatException">It is none.</exception>
    internal static TsigRecord Read(ReadOnlySpan<byte> message, int at)
    {
        DnsReader record = new(message) { Position = at };
        string key = record.Name();
        ushort type = record.Short(), of = record.Short();
        uint ttl = record.Int();
        int length = record.Short();
        int begin = record.Position;
        if (type != DnsType.Tsig || of != DnsType.AnyClass || ttl != 0)
        {
            throw new DnsFormatException("the signature is none");
        }

        string algorithm = record.Name();
        long time = record.Time48();
        ushort fudge = record.Short();
        byte[] mac = record.Bytes(record.Short()).ToArray();
        ushort original = record.Short();
        DnsCode error = (DnsCode)record.Short();
        byte[] other = record.Bytes(record.Short()).ToArray();
        return record.Position == begin + length
            ? new(key, algorithm, time, fudge, mac, original, error, other)
            : throw new DnsFormatException("the signature is longer or shorter than it says");
    }

    /// <summary>The clock of a server that refuses ours (RFC 8945 section 5.2.3); null if it did not say.</summary>
    internal long? ServerTime => Error == DnsCode.BadTime && Other.Length == 6 ? new DnsReader(Other).Time48() : null;
}
