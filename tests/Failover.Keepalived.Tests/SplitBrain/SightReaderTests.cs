using System.Net;
using System.Net.NetworkInformation;
using Failover.Keepalived.SplitBrain;

namespace Failover.Keepalived.Tests.SplitBrain;

public sealed class SightReaderTests
{
    private static readonly IPAddress Address = IPAddress.Parse("10.77.0.100");
    private static readonly PhysicalAddress Own = PhysicalAddress.Parse("02-00-00-00-00-0A");
    private static readonly PhysicalAddress Other = PhysicalAddress.Parse("02-00-00-00-00-0B");

    // From 10.77.0.2: router 77, priority 240, each 200 ms.
    private static readonly byte[] Advert = Bytes.Of("01005e000012 02000000000b 0800  45 c0 0020 0001 0000 ff 70 0000 0a4d0002 e0000012  31 4d f0 01 0014 0000  0a4d0064");

    private static readonly SightReader Reader = new(Address, 77, [new("eth0", PhysicalAddress.Parse("02-00-00-00-00-0C"), []), new("eth1", Own, [(IPAddress.Parse("10.77.0.1"), 24)])]);

    [Fact]
    public void Whoever_else_says_by_ARP_that_it_has_the_address_is_seen_asked_or_not()
    {
        Sight expected = new(IsAdvert: false, "02:00:00:00:00:0b", TimeSpan.Zero);
        Assert.Equal(expected, Reader.OfArp(Arp.Announcement(Other, Address, isReply: false)));
        Assert.Equal(expected, Reader.OfArp(Arp.Announcement(Other, Address, isReply: true)));
    }

    [Fact]
    public void The_own_voice_on_any_interface_one_who_asks_and_one_with_another_address_is_none()
    {
        Assert.Null(Reader.OfArp(Arp.Announcement(Own, Address, isReply: true)));
        Assert.Null(Reader.OfArp(Arp.Announcement(PhysicalAddress.Parse("02-00-00-00-00-0C"), Address, isReply: true)));
        Assert.Null(Reader.OfArp(Arp.Probe(Other, Address)));
        Assert.Null(Reader.OfArp(Arp.Announcement(Other, IPAddress.Parse("10.77.0.101"), isReply: true)));
    }

    [Fact]
    public void An_advert_of_the_router_from_elsewhere_is_seen() =>
        Assert.Equal(new Sight(IsAdvert: true, "10.77.0.2", TimeSpan.FromMilliseconds(200)), Reader.OfAdvert(Advert));

    [Theory]
    [InlineData(29, 1, "the own address")]
    [InlineData(35, 78, "another router")]
    [InlineData(36, 0, "gives the address up")]
    public void Another_advert_is_none(int at, byte value, string why) => Assert.True(Reader.OfAdvert(Advert.With(at, value)) is null, why);
}
