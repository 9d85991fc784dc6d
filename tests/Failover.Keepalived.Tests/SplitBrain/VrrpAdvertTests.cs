using System.Net;
using Failover.Keepalived.SplitBrain;

namespace Failover.Keepalived.Tests.SplitBrain;

public sealed class VrrpAdvertTests
{
    private const int Ethernet = 14;

    // From 10.77.0.2 to 224.0.0.18: router 77, priority 240, one address.
    private static readonly byte[] Version3 = Bytes.Of("01005e000012 02000000000b 0800  45 c0 0020 0001 0000 ff 70 0000 0a4d0002 e0000012  31 4d f0 01 0014 0000  0a4d0064");

    // The same with a second between two adverts, and the 8 bytes of authentication that this version has.
    private static readonly byte[] Version2 = Bytes.Of("01005e000012 02000000000b 0800  45 c0 0028 0001 0000 ff 70 0000 0a4d0002 e0000012  21 4d f0 01 00 01 0000  0a4d0064  0000000000000000");

    private static readonly byte[] Over6 = Bytes.Of("333300000012 02000000000b 86dd  60 00 0000 0018 70 ff  fe800000000000000000000000000002 ff020000000000000000000000000012  31 4d f0 01 0064 0000  fd770000000000000000000000000064");

    public static TheoryData<byte[]> All => [Version2, Version3, Over6];

    [Fact]
    public void An_advert_tells_the_router_its_priority_and_when_the_next_is_due()
    {
        Assert.Equal(new VrrpAdvert(IPAddress.Parse("10.77.0.2"), 77, 240, TimeSpan.FromMilliseconds(200)), VrrpAdvert.Read(Version3));
        Assert.Equal(new VrrpAdvert(IPAddress.Parse("10.77.0.2"), 77, 240, TimeSpan.FromSeconds(1)), VrrpAdvert.Read(Version2));
        Assert.Equal(new VrrpAdvert(IPAddress.Parse("fe80::2"), 77, 240, TimeSpan.FromSeconds(1)), VrrpAdvert.Read(Over6));
    }

    [Fact]
    public void An_advert_of_priority_0_gives_the_address_up()
    {
        Assert.Equal(0, VrrpAdvert.Read(Version3.With(Ethernet + 22, 0))?.Priority);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void An_advert_may_be_followed_by_padding_and_is_none_when_it_is_cut_short(byte[] advert)
    {
        Assert.NotNull(VrrpAdvert.Read([.. advert, .. new byte[14]]));
        Assert.All(Enumerable.Range(0, advert.Length), length => Assert.Null(VrrpAdvert.Read(advert.AsSpan(0, length))));
    }

    [Fact]
    public void An_advert_is_found_behind_options_of_its_IPv4_header()
    {
        byte[] advert = [.. Version3.AsSpan(0, Ethernet + 20), 0x94, 4, 0, 0, .. Version3.AsSpan(Ethernet + 20)];
        Assert.Equal(VrrpAdvert.Read(Version3), VrrpAdvert.Read(advert.With(Ethernet, 0x46).With(Ethernet + 3, 0x24)));
    }

    [Fact]
    public void An_advert_to_one_host_may_have_come_through_a_router()
    {
        byte[] routed = Version3.With(Ethernet + 8, 63);
        Assert.Null(VrrpAdvert.Read(routed));
        Assert.NotNull(VrrpAdvert.Read(routed.With(Ethernet + 16, 10)));
    }

    [Theory]
    [InlineData(0, 0x65, "another version of IP")]
    [InlineData(0, 0x44, "a header too short")]
    [InlineData(0, 0x4f, "a header longer than the packet")]
    [InlineData(2, 0xff, "longer than the frame")]
    [InlineData(3, 0x13, "shorter than its header")]
    [InlineData(3, 0x1f, "shorter than its addresses")]
    [InlineData(6, 0x20, "the first of several fragments")]
    [InlineData(7, 0x08, "a later fragment")]
    [InlineData(9, 17, "another protocol")]
    [InlineData(20, 0x32, "no advert")]
    [InlineData(20, 0x41, "a version that is not known")]
    [InlineData(21, 0, "no router")]
    [InlineData(23, 2, "more addresses than there are")]
    public void What_is_no_advert_is_none(int at, byte value, string why)
    {
        Assert.True(VrrpAdvert.Read(Version3.With(Ethernet + at, value)) is null, why);
    }

    [Theory]
    [InlineData(0, 0x45, "another version of IP")]
    [InlineData(4, 1, "longer than the frame")]
    [InlineData(5, 0x17, "shorter than its addresses")]
    [InlineData(6, 58, "another protocol")]
    [InlineData(7, 64, "through a router")]
    [InlineData(40, 0x21, "version 2")]
    public void What_is_no_advert_over_IPv6_is_none(int at, byte value, string why)
    {
        Assert.True(VrrpAdvert.Read(Over6.With(Ethernet + at, value)) is null, why);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Noise_is_never_more_than_a_wrong_advert(byte[] advert)
    {
        Assert.All(Bytes.Noise(advert), noise => Assert.True(VrrpAdvert.Read(noise) is null || noise.Length >= Ethernet + 28));
    }
}
