using System.Xml.Linq;
using Failover.DnsSwitching;

namespace Failover.Aws.Tests.Route53;

public sealed class ReadTests : OnRoute53
{
    [Fact]
    public async Task A_name_that_is_not_there_has_no_values_and_no_owner()
    {
        DnsRecordState state = await StateAsync(Provider());

        Assert.Equal((DnsValues.None, null, null), (state.Values, state.OwnerText, state.TimeToLive));
    }

    [Fact]
    public async Task A_name_is_read_with_both_kinds_of_addresses_and_its_owner_by_one_request()
    {
        PutWww();
        Zone.Put(Www, "AAAA", 60, "2001:db8::1", "2001:DB8:0::2");

        DnsRecordState state = await StateAsync(Provider());

        Assert.Equal(DnsValues.Parse("192.0.2.1", "2001:db8::1", "2001:db8::2"), state.Values);
        Assert.Equal(new DnsOwner("shop", 7, "one"), state.Owner);
        Assert.Equal(TimeSpan.FromSeconds(60), state.TimeToLive);
        Assert.Equal(["route53:ListResourceRecordSets"], Aws.Asked);
    }

    [Fact]
    public async Task An_alias_of_another_name_and_a_wildcard_are_read()
    {
        Zone.Put(Www, "CNAME", 30, "A.Example.com.");
        Zone.Put("*.example.com", "A", 30, "192.0.2.1");
        Route53Provider provider = Provider();

        Assert.Equal(DnsValues.Parse("a.example.com"), (await StateAsync(provider)).Values);
        Assert.Equal(DnsValues.Parse("192.0.2.1"), (await StateAsync(provider, "*.example.com")).Values);
    }

    [Fact]
    public async Task What_else_stands_at_the_name_and_around_it_is_left_out()
    {
        PutWww();
        Zone.Put(Www, "TXT", 30, "\"v=spf1 -all\"");
        Zone.Put("a.www.example.com", "A", 30, "192.0.2.9");
        Zone.Put("wwww.example.com", "A", 30, "192.0.2.9");

        DnsRecordState state = await StateAsync(Provider());

        Assert.Equal(DnsValues.Parse("192.0.2.1"), state.Values);
        Assert.Equal("failover-owner=shop;token=7;op=one", state.OwnerText);
    }

    [Fact]
    public async Task An_owner_that_stands_far_behind_the_name_is_found()
    {
        PutWww();
        for (int i = 0; i < 30; i++)
        {
            Zone.Put($"{i:D2}.{Www}", "A", 30, "192.0.2.9");
        }

        Assert.NotNull((await StateAsync(Provider())).Owner);
        Assert.Equal(2, Aws.Asked.Count);
    }

    [Fact]
    public async Task A_name_with_more_sets_than_a_page_is_read_to_its_end()
    {
        for (int i = 0; i < 30; i++)
        {
            Zone.Put(new XElement("ResourceRecordSet", new XElement("Name", Www), new XElement("Type", "A"), new XElement("SetIdentifier", $"{i:D2}"), new XElement("Weight", 1), new XElement("TTL", 30), new XElement("ResourceRecords", new XElement("ResourceRecord", new XElement("Value", "192.0.2.1")))));
        }

        Assert.Contains("'00', one of several", Assert.IsType<DnsRead.Denied>(await Provider().ReadAsync(Www, default)).Reason, StringComparison.Ordinal);
        Assert.Equal(2, Aws.Asked.Count);
    }

    [Fact]
    public async Task A_text_of_someone_else_makes_the_name_his()
    {
        PutWww();
        Zone.Put("_failover." + Www, "TXT", 60, "\"heritage=external-dns\" \",owner=\\\"x\\\"\"");

        DnsRecordState state = await StateAsync(Provider());

        Assert.True(state.IsForeign);
        Assert.Equal("heritage=external-dns,owner=\"x\"", state.OwnerText);
    }

    [Fact]
    public async Task An_alias_to_a_load_balancer_is_not_moved_by_its_records()
    {
        Zone.Put(new XElement("ResourceRecordSet", new XElement("Name", Www), new XElement("Type", "A"), new XElement("AliasTarget", new XElement("HostedZoneId", "Z2"), new XElement("DNSName", "lb.example.net"), new XElement("EvaluateTargetHealth", "true"))));

        Assert.Contains("health checks", Assert.IsType<DnsRead.Denied>(await Provider().ReadAsync(Www, default)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_zone_that_is_not_there_is_told_with_its_id() =>
        Assert.Contains("zone Z9): NoSuchHostedZone (404): No hosted zone found with ID: Z9", Assert.IsType<DnsRead.Denied>(await Provider(o => o.HostedZoneId = "/hostedzone/Z9").ReadAsync(Www, default)).Reason, StringComparison.Ordinal);
}
