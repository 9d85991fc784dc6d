using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Failover.DnsSwitching.Wire;

/// <summary>Reads a message of DNS. Whatever a server sends ends in a value or in a <see cref="DnsFormatException"/>, in bounded time.</summary>
internal ref struct DnsReader(ReadOnlySpan<byte> message)
{
    private const int LongestName = 255;
    private const int IsPointer = 0xC0;

    private readonly ReadOnlySpan<byte> _message = message;

    internal int Position { get; set; }

    internal byte Byte() => Take(1)[0];

    internal ushort Short() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    internal uint Int() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    internal long Time48() => ((long)Short() << 32) | Int();

    internal ReadOnlySpan<byte> Bytes(int count) => Take(count);

    /// <summary>Reads a name, in lower case, without its last dot; the root is empty. What is no printable character stands as <c>\007</c>.</summary>
    internal string Name()
    {
        ReadOnlySpan<byte> labels = NameBytes();
        StringBuilder name = new();
        for (int at = 0; labels[at] != 0; at += labels[at] + 1)
        {
            if (at > 0)
            {
                name.Append('.');
            }

            foreach (byte one in labels.Slice(at + 1, labels[at]))
            {
                bool isPlain = one is > 0x20 and < 0x7F and not (byte)'.' and not (byte)'\\';
                _ = isPlain ? name.Append((char)one) : name.Append(CultureInfo.InvariantCulture, $"\\{one:000}");
            }
        }

        return name.ToString();
    }

    /// <summary>Reads a name as it would stand without pointers, in lower case. A pointer must lead back, each further than the one before: so none leads in a circle.</summary>
    internal byte[] NameBytes()
    {
        Span<byte> name = stackalloc byte[LongestName];
        int length = 0, at = Position, lowest = at;
        int? after = null;
        while (At(at) is var size && size != 0)
        {
            if ((size & IsPointer) == IsPointer)
            {
                int target = ((size & ~IsPointer) << 8) | At(at + 1);
                after ??= at + 2;
                at = target < lowest ? lowest = target : throw new DnsFormatException("a name leads in a circle");
                continue;
            }

            // One byte stays for the end.
            if ((size & IsPointer) != 0 || length + size + 1 >= LongestName)
            {
                throw new DnsFormatException("a name is none");
            }

            name[length++] = size;
            for (int i = 1; i <= size; i++)
            {
                name[length++] = DnsWriter.Lower(At(at + i));
            }

            at += size + 1;
        }

        Position = after ?? at + 1;
        name[length++] = 0;
        return name[..length].ToArray();
    }

    /// <summary>Reads a record. A name within what it holds is written out: it means nothing outside of its message else.</summary>
    internal DnsRecord Record()
    {
        string name = Name();
        ushort type = Short(), of = Short();
        uint ttl = Int();
        int length = Short();
        if (type != DnsType.Cname || length == 0)
        {
            return new(name, type, of, ttl, Take(length).ToArray());
        }

        int end = Position + length;
        byte[] target = NameBytes();
        return Position == end ? new(name, type, of, ttl, target) : throw new DnsFormatException("a record is longer or shorter than it says");
    }

    private readonly byte At(int position) => position < _message.Length ? _message[position] : throw new DnsFormatException("the message is cut off");

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _message.Length - Position)
        {
            throw new DnsFormatException("the message is cut off");
        }

        Position += count;
        return _message.Slice(Position - count, count);
    }
}
