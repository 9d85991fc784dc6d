using Failover.Http.Addresses;

namespace Failover.Http.Tests.Addresses;

public class AddressMapTests
{
    // members (the first is what the client knows), where the request goes, what was asked for, what is sent
    [Theory]
    [InlineData("https://a https://b", 1, "https://a/", "https://b/")]
    [InlineData("https://a https://b", 1, "https://a/x/y?q=1&r=%2F#f", "https://b/x/y?q=1&r=%2F#f")]
    [InlineData("https://a https://b", 1, "https://a", "https://b/")]
    [InlineData("https://a https://b", 1, "https://a?q=1", "https://b/?q=1")]
    [InlineData("https://a https://b", 1, "https://A/x", "https://b/x")]
    [InlineData("https://a https://b", 1, "https://a:443/x", "https://b/x")]
    [InlineData("https://a:8443 https://b:9443", 1, "https://a:8443/x", "https://b:9443/x")]
    [InlineData("https://a https://b", 1, "https://a/b%20c/d+e/ü?q=ü", "https://b/b%20c/d+e/%C3%BC?q=%C3%BC")]
    [InlineData("https://a https://b", 1, "https://a/http://a/x", "https://b/http://a/x")]
    [InlineData("https://[::1]:5001 https://[::1]:5002", 1, "https://[::1]:5001/x", "https://[::1]:5002/x")]
    [InlineData("https://a/base/api https://b/api", 1, "https://a/base/api/orders/1", "https://b/api/orders/1")]
    [InlineData("https://a/base/api https://b/api", 1, "https://a/base/api", "https://b/api")]
    [InlineData("https://a/base/api https://b/api", 1, "https://a/base/api?q=1", "https://b/api?q=1")]
    [InlineData("https://a/base/ https://b/", 1, "https://a/base/x", "https://b/x")]
    [InlineData("https://a https://b/api", 1, "https://a/x", "https://b/api/x")]
    [InlineData("https://a/base https://b/api", 1, "https://a/based/x", "https://b/based/x")]
    [InlineData("https://a/base https://b/api", 1, "https://a/other", "https://b/other")]
    [InlineData("https://a/base https://b/api", 1, "https://A/base/x", "https://b/api/x")]
    [InlineData("https://gw/a https://gw/b", 1, "https://gw/a/x", "https://gw/b/x")]
    [InlineData("https://gw/a https://gw/b", 0, "https://gw/b/x", "https://gw/a/x")]
    [InlineData("https://gw https://gw/b", 0, "https://gw/b/x", "https://gw/x")]
    public void A_request_is_sent_to_the_member_with_its_path_query_and_fragment(string members, int target, string requested, string expected)
    {
        HttpAddress[] addresses = Addresses(members);

        Uri? mapped = new AddressMap(addresses, []).Map(new Uri(requested), addresses[target]);

        Assert.Equal(expected, mapped?.AbsoluteUri);
    }

    [Theory]
    [InlineData("https://c/x")]
    [InlineData("http://a/x")]
    [InlineData("https://a:8443/x")]
    [InlineData("https://a.evil/x")]
    [InlineData("https://a@evil/x")]
    [InlineData("https://a:443@evil/x")]
    [InlineData("ws://a/x")]
    public void What_is_not_of_the_group_is_not_mapped(string requested)
    {
        HttpAddress[] addresses = Addresses("https://a https://b");

        Assert.Null(new AddressMap(addresses, []).Map(new Uri(requested), addresses[1]));
    }

    [Fact]
    public void A_relative_request_is_not_mapped()
    {
        HttpAddress[] addresses = Addresses("https://a https://b");

        Assert.Null(new AddressMap(addresses, []).Map(new Uri("/x", UriKind.Relative), addresses[1]));
    }

    [Theory]
    [InlineData("https://a/x")]
    [InlineData("https://A:443/x")]
    [InlineData("https://a")]
    public void A_request_that_names_its_member_already_stays_the_same_instance(string requested)
    {
        HttpAddress[] addresses = Addresses("https://a https://b");
        var uri = new Uri(requested);

        Assert.Same(uri, new AddressMap(addresses, []).Map(uri, addresses[0]));
    }

    [Fact]
    public void The_path_of_a_base_address_that_is_no_member_gives_way_to_the_members()
    {
        HttpAddress[] addresses = Addresses("https://a/api https://b/base/api");
        var map = new AddressMap(addresses, Addresses("https://orders/v1/"));

        Assert.Equal("https://b/base/api/x", map.Map(new Uri("https://orders/v1/x"), addresses[1])?.AbsoluteUri);
    }

    [Fact]
    public void A_base_address_within_a_member_keeps_its_own_part_of_the_path()
    {
        HttpAddress[] addresses = Addresses("https://a/api https://b/base/api");
        var map = new AddressMap(addresses, Addresses("https://a/api/v2/"));

        Assert.Equal("https://b/base/api/v2/x", map.Map(new Uri("https://a/api/v2/x"), addresses[1])?.AbsoluteUri);
        Assert.Equal("https://a/api/v2/x", map.Map(new Uri("https://a/api/v2/x"), addresses[0])?.AbsoluteUri);
    }

    [Theory]
    [InlineData("https://a https://b", true)]
    [InlineData("https://a/x https://a/y", true)]
    [InlineData("https://a https://a/y", false)]
    public void A_prefix_is_ambiguous_if_another_member_lies_under_it(string members, bool expected)
    {
        HttpAddress[] addresses = Addresses(members);

        Assert.Equal(expected, new AddressMap(addresses, []).IsUnambiguous(addresses[0]));
    }

    private static HttpAddress[] Addresses(string text) => [.. text.Split(' ').Select(one => new HttpAddress(new Uri(one)))];
}
