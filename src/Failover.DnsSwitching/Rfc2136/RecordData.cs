using System.Net;
using System.Text;
using Failover.DnsSwitching.Wire;

namespace Failover.DnsSwitching.Rfc2136;

/// <summary>Values of a name, and its owner, as they stand in messages.</summary>
internal static class RecordData
{
    internal static IReadOnlyList<DnsRecordKind> Kinds { get; } = [DnsRecordKind.A, DnsRecordKind.AAAA, DnsRecordKind.CName];

    internal static ushort TypeOf(DnsRecordKind kind) => kind switch
    {
        DnsRecordKind.A => DnsType.A,
        DnsRecordKind.AAAA => DnsType.Aaaa,
        _ => DnsType.Cname,
    };

    internal static byte[][] Of(DnsValues values, DnsRecordKind kind) => [.. values.OfKind(kind).Select(Of)];

    /// <summary>The owner's text has less than the 255 bytes that one string may have.</summary>
    internal static byte[] OfText(string text) => new DnsWriter().Byte((byte)text.Length).Bytes(Encoding.ASCII.GetBytes(text)).Written.ToArray();

    /// <summary>Reads a value.</summary>
    /// <exception cref="DnsFormatException">It is none.</exception>
    internal static DnsValue ValueOf(DnsRecord record)
    {
        string text = (record.Type, record.Data.Length) switch
        {
            (DnsType.A, 4) or (DnsType.Aaaa, 16) => new IPAddress(record.Data.Span).ToString(),
            (DnsType.Cname, > 0) => new DnsReader(record.Data.Span).Name(),
            _ => throw new DnsFormatException("an address has too few or too many bytes"),
        };
        return DnsValue.TryParse(text, out DnsValue? value) ? value : throw new DnsFormatException($"it is an alias of '{text}', which is no name of a host");
    }

    /// <summary>Reads the TXT record beside a name. Only one record of one string can be the owner's; others are shown with quotes, and so are someone else's.</summary>
    internal static string? TextOf(IReadOnlyList<DnsRecord> records)
    {
        string[][] texts = [.. records.Select(static record => StringsOf(record.Data.Span))];
        return texts switch
        {
            [] => null,
            [[var only]] => only,

            // Servers turn the order of records.
            _ => string.Join(", ", texts.Select(static strings => string.Join(' ', strings.Select(static one => $"\"{one}\""))).Order(StringComparer.Ordinal)),
        };
    }

    private static byte[] Of(DnsValue value) =>
        value.Kind == DnsRecordKind.CName ? new DnsWriter().Name(value.Text).Written.ToArray() : IPAddress.Parse(value.Text).GetAddressBytes();

    private static string[] StringsOf(ReadOnlySpan<byte> data)
    {
        DnsReader reader = new(data);
        List<string> strings = [];
        while (reader.Position < data.Length)
        {
            // What is not printable is no owner's, and must not reach a terminal.
            byte[] text = reader.Bytes(reader.Byte()).ToArray();
            strings.Add(string.Concat(text.Select(static one => one is >= 0x20 and < 0x7F ? (char)one : '?')));
        }

        return [.. strings];
    }
}
