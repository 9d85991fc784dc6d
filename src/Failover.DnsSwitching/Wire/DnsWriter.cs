using System.Buffers.Binary;
using System.Text;

namespace Failover.DnsSwitching.Wire;

/// <summary>Writes a message of DNS (RFC 1035 section 4). Names are written whole and in lower case: a signature is over them as they are.</summary>
internal sealed class DnsWriter
{
    /// <summary>The longest message: its length is sent before it in 16 bits (RFC 1035 section 4.2.2).</summary>
    internal const int Longest = 65_535;

    private const int LongestLabel = 63;
    private const int LongestName = 255;

    private byte[] _buffer = new byte[512];

    internal int Length { get; private set; }

    internal ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    internal DnsWriter Byte(byte value)
    {
        Take(1)[0] = value;
        return this;
    }

    internal DnsWriter Short(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(Take(2), value);
        return this;
    }

    internal DnsWriter Int(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(Take(4), value);
        return this;
    }

    internal DnsWriter Bytes(ReadOnlySpan<byte> value)
    {
        value.CopyTo(Take(value.Length));
        return this;
    }

    /// <summary>Seconds since 1970 in 48 bits (RFC 8945 section 4.2).</summary>
    internal DnsWriter Time48(long seconds) => Short((ushort)(seconds >> 32)).Int((uint)seconds);

    /// <summary>Writes a name, absolute with or without its last dot.</summary>
    internal DnsWriter Name(string name)
    {
        int before = Length;
        foreach (string label in name.TrimEnd('.') is { Length: > 0 } labels ? labels.Split('.') : [])
        {
            int length = Encoding.ASCII.GetByteCount(label);
            if (length is 0 or > LongestLabel)
            {
                throw new DnsFormatException($"'{name}' is no name of DNS: a label has 1 to {LongestLabel} characters");
            }

            Byte((byte)length);
            Span<byte> bytes = Take(length);
            Encoding.ASCII.GetBytes(label, bytes);
            for (int i = 0; i < length; i++)
            {
                bytes[i] = Lower(bytes[i]);
            }
        }

        Byte(0);
        return Length - before <= LongestName ? this : throw new DnsFormatException($"'{name}' is no name of DNS: it has more than {LongestName} bytes");
    }

    /// <summary>Writes a record.</summary>
    internal DnsWriter Record(DnsRecord record)
    {
        Name(record.Name).Short(record.Type).Short(record.Class).Int(record.Ttl).Short((ushort)record.Data.Length);
        return Bytes(record.Data.Span);
    }

    internal void SetShort(int at, ushort value) => BinaryPrimitives.WriteUInt16BigEndian(_buffer.AsSpan(at, 2), value);

    internal static byte Lower(byte one) => one is >= (byte)'A' and <= (byte)'Z' ? (byte)(one | 0x20) : one;

    private Span<byte> Take(int count)
    {
        if (Length + count > Longest)
        {
            throw new DnsFormatException($"the message has more than {Longest} bytes");
        }

        if (Length + count > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Min(Longest, Math.Max(_buffer.Length * 2, Length + count)));
        }

        Length += count;
        return _buffer.AsSpan(Length - count, count);
    }
}
