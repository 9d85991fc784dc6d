using Failover.DnsSwitching.Rfc2136;
using Failover.DnsSwitching.Tsig;
using Failover.DnsSwitching.Wire;

namespace Failover.DnsSwitching.Tests.Wire;

public sealed class DnsMessageTests
{
    private static readonly TsigKey Key = new("failover", TsigAlgorithm.HmacSha256, new byte[32]);

    [Fact]
    public void Names_are_read_through_pointers_in_lower_case()
    {
        byte[] bytes = [3, .. "WWW"u8, 7, .. "example"u8, 0, 4, .. "shop"u8, 0xC0, 4, 0xC0, 13];
        DnsReader reader = new(bytes) { Position = 13 };

        Assert.Equal("shop.example", reader.Name());
        Assert.Equal("shop.example", reader.Name());
        Assert.Equal(bytes.Length, reader.Position);
    }

    [Fact]
    public void An_alias_is_read_as_it_would_stand_without_pointers()
    {
        byte[] record = [3, .. "www"u8, 0, 0, 5, 0, 1, 0, 0, 0, 30, 0, 4, 1, (byte)'B', 0xC0, 0];
        DnsRecord read = new DnsReader(record).Record();

        Assert.Equal(DnsValue.Parse("b.www"), RecordData.ValueOf(read));
    }

    [Fact]
    public void A_name_of_bytes_that_are_no_characters_is_told_with_numbers()
    {
        Assert.Equal("a\\046b\\000.x", new DnsReader([4, (byte)'a', (byte)'.', (byte)'b', 0, 1, (byte)'x', 0]).Name());
        Assert.Equal("", new DnsReader([0]).Name());
    }

    public static TheoryData<string, byte[]> BadNames { get; } = new()
    {
        { "to itself", [0xC0, 0] },
        { "forward", [0xC0, 2, 0] },
        { "a label longer than 63", [64, .. new byte[64], 0] },
        { "a label that does not end", [5, 1, 2] },
        { "no end", [1, (byte)'a'] },
        { "half a pointer", [0xC0] },
        { "more than 255 bytes", [.. Enumerable.Repeat<byte[]>([1, (byte)'a'], 128).SelectMany(static one => one), 0] },
        { "nothing", [] },
    };

    [Theory]
    [MemberData(nameof(BadNames))]
    public void A_name_that_is_none_is_refused(string what, byte[] bytes) => Assert.True(Throws(() => new DnsReader(bytes).Name()), what);

    [Fact]
    public void A_chain_of_pointers_ends()
    {
        // Each leads to the one before it: 8,000 steps, and none twice.
        byte[] bytes = [0, .. Enumerable.Range(0, 8000).SelectMany(static one => (byte[])[(byte)(0xC0 | (Math.Max(0, (one * 2) - 1) >> 8)), (byte)Math.Max(0, (one * 2) - 1)])];
        DnsReader reader = new(bytes) { Position = bytes.Length - 2 };

        Assert.Equal("", reader.Name());
    }

    [Fact]
    public void Every_beginning_of_a_message_is_refused()
    {
        byte[] whole = Whole();
        Read(whole);

        for (int length = 0; length < whole.Length; length++)
        {
            Assert.True(Throws(() => Read(whole[..length])), $"The first {length} bytes were taken for a message.");
        }

        Assert.True(Throws(() => Read([.. whole, 0])));
    }

    [Fact]
    public void Whatever_comes_ends_in_a_value_or_in_one_exception()
    {
        int seed = Environment.TickCount;
        Random random = new(seed);
        byte[] whole = Whole();
        int read = 0;
        for (int round = 0; round < 100_000; round++)
        {
            byte[] bytes = round % 4 == 0 ? Noise(random) : [.. whole];
            for (int change = random.Next(0, 6); change > 0 && bytes.Length > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            try
            {
                Read(bytes);
                read++;
            }
            catch (DnsFormatException)
            {
                // The only one that callers know of.
            }
            catch (Exception exception)
            {
                Assert.Fail($"Seed {seed}, {Convert.ToHexString(bytes)}: {exception}");
            }
        }

        Assert.InRange(read, 1, 99_999);
    }

    /// <summary>Reads all that is ever read of an answer.</summary>
    private static void Read(byte[] bytes)
    {
        DnsMessage message = DnsMessage.Read(bytes);
        foreach (DnsRecord record in message.Answers.Where(static record => record.Type is DnsType.A or DnsType.Aaaa or DnsType.Cname))
        {
            _ = RecordData.ValueOf(record);
        }

        _ = RecordData.TextOf([.. message.Answers.Where(static record => record.Type == DnsType.Txt)]);
        if (message.SignatureAt is { } at)
        {
            TsigRecord signature = TsigRecord.Read(bytes, at);
            _ = signature.ServerTime;
            _ = TsigSigning.WhyNot(bytes, at, signature, Key, 7, new byte[32], DateTimeOffset.UnixEpoch);
        }
    }

    private static byte[] Whole()
    {
        DnsWriter message = new DnsWriter().Short(7).Short(0x8400).Short(1).Short(4).Short(0).Short(0).Name("www.example.test").Short(DnsType.A).Short(DnsType.Internet);
        message.Record(new("www.example.test", DnsType.A, DnsType.Internet, 30, new byte[] { 192, 0, 2, 1 }));
        message.Record(new("www.example.test", DnsType.Aaaa, DnsType.Internet, 30, new byte[16]));
        message.Bytes([0xC0, 12]).Short(DnsType.Cname).Short(DnsType.Internet).Int(30).Short(6).Bytes([3, .. "alt"u8, 0xC0, 16]);
        message.Record(new("_failover.www.example.test", DnsType.Txt, DnsType.Internet, 30, RecordData.OfText("failover-owner=shop;op=1")));
        TsigSigning.Sign(message, 7, Key, DateTimeOffset.UnixEpoch);
        return message.Written.ToArray();
    }

    private static byte[] Noise(Random random)
    {
        byte[] bytes = new byte[random.Next(0, 300)];
        random.NextBytes(bytes);
        if (bytes.Length > 12)
        {
            // A few records of each section, or it ends at once.
            (bytes[4], bytes[6], bytes[8], bytes[10]) = (0, 0, 0, 0);
            (bytes[5], bytes[7], bytes[9], bytes[11]) = ((byte)random.Next(2), (byte)random.Next(3), (byte)random.Next(2), (byte)random.Next(2));
        }

        return bytes;
    }

    private static bool Throws(Action act)
    {
        try
        {
            act();
            return false;
        }
        catch (DnsFormatException)
        {
            return true;
        }
    }
}
