using System.Xml.Linq;
using Failover.Aws.Route53;

namespace Failover.Aws.Tests.Route53;

public sealed class RecordSetTests
{
    [Theory]
    [InlineData("<Name>www.example.com.</Name><Type>AAAA</Type><TTL>30</TTL><ResourceRecords><ResourceRecord><Value>2001:DB8::1</Value></ResourceRecord><ResourceRecord><Value>2001:db8::2</Value></ResourceRecord></ResourceRecords>", "<Type>AAAA</Type><Name>WWW.example.com</Name><TTL>30</TTL><ResourceRecords><ResourceRecord><Value>2001:db8::2</Value></ResourceRecord><ResourceRecord><Value>2001:db8:0::1</Value></ResourceRecord></ResourceRecords>", true)]
    [InlineData("<Name>a.</Name><Type>A</Type><ResourceRecords/><AliasTarget><DNSName>lb.example.net.</DNSName></AliasTarget>", "<Name>a</Name><Type>A</Type><AliasTarget><DNSName>LB.example.net</DNSName></AliasTarget>", true)]
    [InlineData("<Name>a.</Name><Type>A</Type><TTL>30</TTL>", "<Name>a.</Name><Type>A</Type><TTL>31</TTL>", false)]
    [InlineData("<Name>a.</Name><Type>A</Type><HealthCheckId>x</HealthCheckId>", "<Name>a.</Name><Type>A</Type>", false)]
    [InlineData("<Name>a.</Name><Type>A</Type><Weight>0</Weight>", "<Name>a.</Name><Type>A</Type>", false)]
    public void Two_that_mean_the_same_to_Route_53_are_the_same(string one, string other, bool same) => Assert.Equal(same, Set(one).IsSameAs(Set(other)));

    [Theory]
    [InlineData("\"one\"", "one")]
    [InlineData("\"one\" \"two\"", "onetwo")]
    [InlineData("\"a\\\"b\\\\c\"", "a\"b\\c")]
    [InlineData("\"a\\042b\\134c\\344\"", "a\"b\\cä")]
    public void A_text_is_read_without_its_quotes(string value, string text) =>
        Assert.Equal([text], Set($"<Name>a.</Name><Type>TXT</Type><TTL>1</TTL><ResourceRecords><ResourceRecord><Value>{value}</Value></ResourceRecord></ResourceRecords>").Texts);

    [Fact]
    public void What_a_text_is_quoted_to_is_read_as_it_was() =>
        Assert.Equal(["a\"b\\c;d"], RecordSet.Of("a", "TXT", TimeSpan.FromSeconds(1), [RecordSet.Quoted("a\"b\\c;d")]).Texts);

    private static RecordSet Set(string elements) => new(XElement.Parse($"<ResourceRecordSet xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\">{elements}</ResourceRecordSet>"));
}
