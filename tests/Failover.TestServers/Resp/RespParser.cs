using System.Buffers;
using System.Globalization;
using System.Text;

namespace Failover.TestServers.Resp;

/// <summary>Reads RESP2: what a server answers, and what a client asks.</summary>
internal static class RespParser
{
    private static ReadOnlySpan<byte> LineEnd => "\r\n"u8;

    /// <summary>Reads one value, if all of it is there.</summary>
    internal static bool TryParse(ReadOnlySequence<byte> buffer, out object? value, out SequencePosition end)
    {
        SequenceReader<byte> reader = new(buffer);
        bool isWhole = TryRead(ref reader, out value);
        end = reader.Position;
        return isWhole;
    }

    private static bool TryRead(ref SequenceReader<byte> reader, out object? value)
    {
        value = null;
        if (!reader.TryReadTo(out ReadOnlySequence<byte> line, LineEnd))
        {
            return false;
        }

        string text = Encoding.UTF8.GetString(line);
        switch (text.Length == 0 ? '\0' : text[0])
        {
            case '+':
                value = text[1..];
                return true;
            case '-':
                value = new RespError(text[1..]);
                return true;
            case ':':
                value = NumberOf(text);
                return true;
            case '$':
                return NumberOf(text) is var length and >= 0 ? TryReadBulk(ref reader, (int)length, out value) : true;
            case '*':
                return NumberOf(text) is var count and >= 0 ? TryReadArray(ref reader, (int)count, out value) : true;
            default:
                throw new InvalidDataException($"Not RESP2: {text}");
        }
    }

    private static bool TryReadBulk(ref SequenceReader<byte> reader, int length, out object? value)
    {
        value = null;
        if (reader.Remaining < length + LineEnd.Length)
        {
            return false;
        }

        value = Encoding.UTF8.GetString(reader.UnreadSequence.Slice(0, length));
        reader.Advance(length + LineEnd.Length);
        return true;
    }

    private static bool TryReadArray(ref SequenceReader<byte> reader, int count, out object? value)
    {
        object?[] items = new object?[count];
        value = items;
        for (int i = 0; i < count; i++)
        {
            if (!TryRead(ref reader, out items[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static long NumberOf(string text) => long.Parse(text.AsSpan(1), CultureInfo.InvariantCulture);
}
