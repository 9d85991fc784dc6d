using System.Collections.Immutable;

namespace Failover.DnsSwitching.Wire;

/// <summary>The answer of a server.</summary>
/// <param name="Id">The number of the request.</param>
/// <param name="Flags">What it is, and what came of it.</param>
/// <param name="Answers">The records of its answer section.</param>
/// <param name="SignatureAt">Where the signature begins; null if it bears none.</param>
internal sealed record DnsMessage(ushort Id, ushort Flags, ImmutableArray<DnsRecord> Answers, int? SignatureAt)
{
    private const int MostRecords = 4096;

    internal DnsCode Code => (DnsCode)(Flags & 0xF);

    internal bool IsAnswer => (Flags & 0x8000) != 0;

    internal bool IsAuthoritative => (Flags & 0x0400) != 0;

    internal bool IsTruncated => (Flags & 0x0200) != 0;

    /// <summary>Reads a message.</summary>
    /// <exception cref="DnsFormatException">It is none.</exception>
    internal static DnsMessage Read(ReadOnlySpan<byte> bytes)
    {
        DnsReader reader = new(bytes);
        ushort id = reader.Short(), flags = reader.Short();
        int questions = reader.Short(), answers = reader.Short(), authorities = reader.Short(), additional = reader.Short();
        if (questions + answers + authorities + additional > MostRecords)
        {
            throw new DnsFormatException("it has too many records");
        }

        for (int i = 0; i < questions; i++)
        {
            _ = reader.NameBytes();
            _ = reader.Int();
        }

        ImmutableArray<DnsRecord>.Builder found = ImmutableArray.CreateBuilder<DnsRecord>();
        for (int i = 0; i < answers; i++)
        {
            found.Add(reader.Record());
        }

        int lastAt = 0;
        ushort lastType = 0;
        for (int i = 0; i < authorities + additional; i++)
        {
            lastAt = reader.Position;
            lastType = reader.Record().Type;
        }

        return reader.Position == bytes.Length
            ? new(id, flags, found.ToImmutable(), additional > 0 && lastType == DnsType.Tsig ? lastAt : null)
            : throw new DnsFormatException("more follows than it says");
    }
}
