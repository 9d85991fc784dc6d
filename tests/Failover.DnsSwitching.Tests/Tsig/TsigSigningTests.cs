using Failover.DnsSwitching.Tests.Fakes;
using Failover.DnsSwitching.Tsig;
using Failover.DnsSwitching.Wire;
using Failover.TestServers.Dns;

namespace Failover.DnsSwitching.Tests.Tsig;

public sealed class TsigSigningTests
{
    // What nsupdate of BIND 9.18 sent, with secrets of bytes counted from 0, at 2026-11-26 13:27:58Z.
    private const string Body = "28000001000100020001076578616d706c650474657374000006000103777777c00c00010001000000000004c0000201c01e000100ff000000000000c01e000100010000001e0004c0000202";
    private const string KeyName = "086661696c6f766572076578616d706c6504746573740000fa00ff00000000";

    private static readonly DateTimeOffset Then = DateTimeOffset.FromUnixTimeSeconds(0x6b0833de);

    [Theory]
    [InlineData(TsigAlgorithm.HmacSha256, 32, "9135" + Body + KeyName + "003d0b686d61632d7368613235360000006b0833de012c0020eb76f6033f98aeec2dc9097c77cb5e18845022f02327bff430b7692c853a36ab913500000000")]
    [InlineData(TsigAlgorithm.HmacSha384, 48, "fef7" + Body + KeyName + "004d0b686d61632d7368613338340000006b0833de012c00308a7e19d65de104e715da407ec34b4bb404a2ed80fbda436654e58320a7a293816209bc6229f5965b74a702c74a31259afef700000000")]
    [InlineData(TsigAlgorithm.HmacSha512, 64, "eca3" + Body + KeyName + "005d0b686d61632d7368613531320000006b0833de012c00400d6e534ce52c96e0a237b0363830a9884a5747a634ed947758a3b340e3ce9fb718038f8d816a2e1a4d5dcd1ffe534c5814c02608a2b35af8e1b0ffb722cba9f1eca300000000")]
    public void A_message_is_signed_byte_for_byte_as_nsupdate_signs_it(TsigAlgorithm algorithm, int secret, string sent)
    {
        byte[] theirs = Convert.FromHexString(sent);
        TsigKey key = new("Failover.Example.TEST.", algorithm, [.. Enumerable.Range(0, secret).Select(static one => (byte)one)]);
        DnsMessage message = DnsMessage.Read(theirs);
        DnsWriter ours = new DnsWriter().Bytes(theirs.AsSpan(0, message.SignatureAt!.Value));
        ours.SetShort(10, 0);

        byte[] mac = TsigSigning.Sign(ours, message.Id, key, Then);

        Assert.Equal(sent, Convert.ToHexStringLower(ours.Written));
        Assert.Equal(mac, TsigRecord.Read(theirs, message.SignatureAt.Value).Mac);
    }

    [Fact]
    public void A_signed_answer_is_believed_and_none_in_which_one_byte_is_another()
    {
        (byte[] answer, TsigKey key, byte[] mac) = Answer();
        Assert.Null(WhyNot(answer, key, mac, Then));

        for (int at = 0; at < answer.Length; at++)
        {
            byte[] changed = [.. answer];
            changed[at] ^= 1;
            Assert.True(WhyNot(changed, key, mac, Then) is not null, $"Byte {at} was changed, and the answer was believed.");
        }
    }

    [Theory]
    [InlineData(-301, false)]
    [InlineData(-300, true)]
    [InlineData(300, true)]
    [InlineData(301, false)]
    public void An_answer_is_believed_within_five_minutes(int seconds, bool isBelieved)
    {
        (byte[] answer, TsigKey key, byte[] mac) = Answer();

        Assert.Equal(isBelieved, WhyNot(answer, key, mac, Then.AddSeconds(seconds)) is null);
    }

    [Fact]
    public void An_answer_to_another_request_is_not_believed()
    {
        (byte[] answer, TsigKey key, byte[] mac) = Answer();
        mac[0] ^= 1;

        Assert.NotNull(WhyNot(answer, key, mac, Then));
    }

    [Fact]
    public void A_key_does_not_show_its_secret()
    {
        Assert.Equal("failover (hmac-sha256)", new TsigKey("failover", TsigAlgorithm.HmacSha256, "a secret that is shown nowhere"u8.ToArray()).ToString());
        Assert.DoesNotContain("c2VjcmV0", new Rfc2136Options { Secret = "c2VjcmV0" }.ToString(), StringComparison.Ordinal);
    }

    private static (byte[] Answer, TsigKey Key, byte[] Mac) Answer()
    {
        NameServerKey shared = NameServerKey.Failover;
        TsigKey key = new(shared.Name, TsigAlgorithm.HmacSha256, Convert.FromBase64String(shared.Secret));
        DnsWriter request = new DnsWriter().Short(7).Short(5 << 11).Short(0).Short(0).Short(0).Short(0);
        byte[] mac = TsigSigning.Sign(request, 7, key, Then);
        byte[] answer = [0, 7, 0xA8, 0, 0, 1, 0, 0, 0, 0, 0, 0, 4, .. "test"u8, 0, 0, 6, 0, 1];
        return (SignedAnswer.Of(answer, request.Written.ToArray(), shared, Then), key, mac);
    }

    private static string? WhyNot(byte[] bytes, TsigKey key, byte[] mac, DateTimeOffset now)
    {
        try
        {
            DnsMessage message = DnsMessage.Read(bytes);
            return message.Id != 7 ? "it has another number"
                : message.SignatureAt is not { } at ? "it is not signed"
                : TsigSigning.WhyNot(bytes, at, TsigRecord.Read(bytes, at), key, 7, mac, now);
        }
        catch (DnsFormatException exception)
        {
            return exception.Message;
        }
    }
}
