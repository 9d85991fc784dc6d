using System.Net;
using System.Net.NetworkInformation;
using Failover.Keepalived.SplitBrain;

namespace Failover.Keepalived.Tests.SplitBrain;

public sealed class ArpTests
{
    private static readonly PhysicalAddress Own = PhysicalAddress.Parse("02-00-00-00-00-0A");
    private static readonly PhysicalAddress Other = PhysicalAddress.Parse("02-00-00-00-00-0B");
    private static readonly IPAddress Address = IPAddress.Parse("10.77.0.100");

    // From 02:…:0b to 02:…:0a: 10.77.0.100 is at 02:…:0b.
    private static readonly byte[] Answer = Bytes.Of("02000000000a 02000000000b 0806  0001 0800 06 04 0002  02000000000b 0a4d0064  02000000000a 00000000");

    [Fact]
    public void A_probe_claims_no_address()
    {
        Assert.Equal(Bytes.Of("ffffffffffff 02000000000a 0806  0001 0800 06 04 0001  02000000000a 00000000  000000000000 0a4d0064"), Arp.Probe(Own, Address));
    }

    [Fact]
    public void An_announcement_is_a_request_for_the_own_address_or_a_reply_with_the_own_place_as_its_target()
    {
        Assert.Equal(Bytes.Of("ffffffffffff 02000000000a 0806  0001 0800 06 04 0001  02000000000a 0a4d0064  000000000000 0a4d0064"), Arp.Announcement(Own, Address, isReply: false));
        Assert.Equal(Bytes.Of("ffffffffffff 02000000000a 0806  0001 0800 06 04 0002  02000000000a 0a4d0064  02000000000a 0a4d0064"), Arp.Announcement(Own, Address, isReply: true));
    }

    [Fact]
    public void An_answer_tells_who_has_the_address()
    {
        Assert.Equal(new Arp(IsReply: true, Other, Address, IPAddress.Any), Arp.Read(Answer));
        Assert.Equal(new Arp(IsReply: true, Other, Address, IPAddress.Any), Arp.Read([.. Answer, .. new byte[18]]));
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        Assert.Equal(new Arp(IsReply: false, Own, IPAddress.Any, Address), Arp.Read(Arp.Probe(Own, Address)));
        Assert.Equal(new Arp(IsReply: false, Own, Address, Address), Arp.Read(Arp.Announcement(Own, Address, isReply: false)));
    }

    [Fact]
    public void An_answer_that_is_cut_short_is_none()
    {
        Assert.All(Enumerable.Range(0, Answer.Length), length => Assert.Null(Arp.Read(Answer.AsSpan(0, length))));
    }

    [Theory]
    [InlineData(12, 0x86, "another kind of frame")]
    [InlineData(15, 6, "not of Ethernet")]
    [InlineData(16, 0x86, "not of IPv4")]
    [InlineData(18, 8, "a link-layer address of another length")]
    [InlineData(19, 16, "an address of another length")]
    [InlineData(21, 0, "no operation")]
    [InlineData(21, 3, "reverse ARP")]
    [InlineData(20, 1, "an operation beyond")]
    public void What_is_not_ARP_for_IPv4_is_none(int at, byte value, string why)
    {
        Assert.True(Arp.Read(Answer.With(at, value)) is null, why);
    }

    [Fact]
    public void Noise_is_never_more_than_a_wrong_answer()
    {
        Assert.All(Bytes.Noise(Answer), static noise => Assert.True(Arp.Read(noise) is null || noise.Length >= Answer.Length));
    }
}
