namespace Failover.DnsSwitching.Tests.Records;

public sealed class DnsValuesTests
{
    [Theory]
    [InlineData("192.0.2.1", "A 192.0.2.1")]
    [InlineData("2001:DB8:0:0::1", "AAAA 2001:db8::1")]
    [InlineData("Shop-B.Example.COM.", "CNAME shop-b.example.com")]
    [InlineData("_tcp.example.com", "CNAME _tcp.example.com")]
    public void A_value_has_one_form(string text, string told) => Assert.Equal(told, DnsValue.Parse(text).ToString());

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("10")]
    [InlineData("10.1")]
    [InlineData("192.0.2.256")]
    [InlineData("192.0.2.01")]
    [InlineData("fe80::1%3")]
    [InlineData("[2001:db8::1]")]
    [InlineData("shop..example.com")]
    [InlineData("shop example.com")]
    [InlineData("shöp.example.com")]
    [InlineData("shop.example.com:80")]
    public void What_is_neither_an_address_nor_a_name_is_no_value(string? text) => Assert.False(DnsValue.TryParse(text, out _));

    [Fact]
    public void A_label_has_at_most_63_characters_and_a_name_253()
    {
        string label = new('a', 63);

        Assert.True(DnsValue.TryParse($"{label}.{label}.{label}.{new string('a', 61)}", out _));
        Assert.False(DnsValue.TryParse($"{label}.{label}.{label}.{new string('a', 62)}", out _));
        Assert.False(DnsValue.TryParse(label + "a.example.com", out _));
    }

    [Fact]
    public void Order_and_repetition_make_no_difference()
    {
        DnsValues one = DnsValues.Parse("2001:db8::1", "192.0.2.2", "192.0.2.1", "192.0.2.2"), other = DnsValues.Parse("192.0.2.1", "2001:DB8::1", "192.0.2.2");

        Assert.Equal(one, other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
        Assert.Equal("A 192.0.2.1, A 192.0.2.2, AAAA 2001:db8::1", one.ToString());
    }

    [Theory]
    [InlineData("shop.example.com", "192.0.2.1")]
    [InlineData("shop.example.com", "other.example.com")]
    public void A_name_stands_alone(string one, string other) => Assert.Throws<FormatException>(() => DnsValues.Parse(one, other));
}
