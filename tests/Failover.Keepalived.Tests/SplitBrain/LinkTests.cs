using System.Net;
using System.Net.NetworkInformation;
using Failover.Keepalived.SplitBrain;

namespace Failover.Keepalived.Tests.SplitBrain;

public sealed class LinkTests
{
    private static readonly IPAddress Address = IPAddress.Parse("10.77.0.100");

    private static readonly Link Loopback = Of("lo", "00-00-00-00-00-00", ("127.0.0.1", 8));
    private static readonly Link Wide = Of("eth0", "02-00-00-00-00-01", ("10.1.2.3", 8));
    private static readonly Link Near = Of("eth1", "02-00-00-00-00-02", ("192.168.0.1", 24), ("10.77.0.1", 24));
    private static readonly Link Other = Of("eth2", "02-00-00-00-00-03", ("10.78.0.1", 16), ("fd77::1", 64));
    private static readonly Link Tunnel = Of("tun0", "", ("10.77.0.99", 30));

    [Fact]
    public void The_interface_that_is_named_is_taken() => Assert.Same(Other, Link.Choose([Loopback, Wide, Near, Other], "eth2", Address));

    [Fact]
    public void One_that_is_named_and_not_there_is_none() => Assert.Null(Link.Choose([Loopback, Wide, Near], "eth9", Address));

    [Fact]
    public void Without_a_name_it_is_the_one_with_the_narrowest_subnet_around_the_address() => Assert.Same(Near, Link.Choose([Loopback, Wide, Near, Other], null, Address));

    [Fact]
    public void One_that_has_the_address_goes_first() =>
        Assert.Equal("eth3", Link.Choose([Near, Of("eth3", "02-00-00-00-00-04", ("10.77.0.100", 32))], null, Address)?.Name);

    [Fact]
    public void The_loopback_and_what_has_no_link_layer_is_none() =>
        Assert.Null(Link.Choose([Of("lo", "00-00-00-00-00-00", ("10.77.0.100", 32)), Tunnel, Other], null, Address));

    [Fact]
    public void IPv6_goes_by_its_subnets_too()
    {
        Assert.Same(Other, Link.Choose([Near, Other], null, IPAddress.Parse("fd77::64")));
        Assert.Null(Link.Choose([Near, Other], null, IPAddress.Parse("fd77:0:0:1::64")));
    }

    [Theory]
    [InlineData("10.77.0.97", 30, false)]
    [InlineData("10.77.0.101", 30, true)]
    [InlineData("10.77.0.103", 31, false)]
    public void A_prefix_may_end_within_a_byte(string own, int prefix, bool isIn) =>
        Assert.Equal(isIn, Link.Choose([Of("eth0", "02-00-00-00-00-01", (own, prefix))], null, Address) is not null);

    private static Link Of(string name, string mac, params (string Address, int Prefix)[] addresses) =>
        new(name, PhysicalAddress.Parse(mac), [.. addresses.Select(static its => (IPAddress.Parse(its.Address), its.Prefix))]);
}
