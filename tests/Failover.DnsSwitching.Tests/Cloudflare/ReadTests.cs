using Failover.DnsSwitching.Cloudflare;
using Failover.DnsSwitching.Tests.Rfc2136;

namespace Failover.DnsSwitching.Tests.Cloudflare;

public sealed class ReadTests : OnCloudflare
{
    [Fact]
    public async Task A_name_that_people_made_is_read_as_it_is()
    {
        CloudflareProvider provider = Provider();
        Zone.Put(Shop, "A", "192.0.2.2", ttl: 120);
        Zone.Put(Shop, "AAAA", "2001:DB8::0:1", ttl: 1);
        Zone.Put(Shop, "MX", "mail.example.com");
        Zone.Put($"x.{Shop}", "A", "192.0.2.9");

        Assert.Equal(new DnsRecordState(Shop, DnsValues.Parse("192.0.2.1", "192.0.2.2", "2001:db8::1"), TimeSpan.FromSeconds(300), null), await provider.StateAsync("SHOP.example.com."));
        Assert.Equal(new DnsRecordState("none.example.com", DnsValues.None, null, null), await provider.StateAsync("none.example.com"));
    }

    [Theory]
    [InlineData("failover-owner=shop;op=1", "failover-owner=shop;op=1", false)]
    [InlineData("\"failover-owner=shop;token=7;op=1\"", "failover-owner=shop;token=7;op=1", false)]
    [InlineData("\"failover-owner=shop\" \";op=1\"", "\"failover-owner=shop\" \";op=1\"", true)]
    [InlineData("v=spf1 -all", "v=spf1 -all", true)]
    [InlineData("\u001b[31mred", "?[31mred", true)]
    public async Task An_owner_is_read_in_quotes_and_without_and_anything_else_is_foreign(string content, string text, bool isForeign)
    {
        Zone.Put($"_failover.{Shop}", "TXT", content);

        DnsRecordState state = await Provider().StateAsync(Shop);

        Assert.Equal((text, isForeign), (state.OwnerText, state.IsForeign));
    }

    [Fact]
    public async Task An_owner_beside_another_text_is_foreign()
    {
        Zone.Put($"_failover.{Shop}", "TXT", "v=spf1 -all");
        Zone.Put($"_failover.{Shop}", "TXT", "\"failover-owner=shop;op=1\"");

        DnsRecordState state = await Provider().StateAsync(Shop);

        Assert.True(state.IsForeign);
        Assert.Equal("\"failover-owner=shop;op=1\", \"v=spf1 -all\"", state.OwnerText);
    }

    [Fact]
    public async Task All_pages_are_read_and_a_name_without_end_is_none_that_is_switched()
    {
        CloudflareProvider provider = Provider();
        string[] values = [.. Enumerable.Range(0, 249).Select(static at => $"198.51.100.{at}")];
        foreach (string value in values)
        {
            Zone.Put(Shop, "A", value);
        }

        Assert.Equal(DnsValues.Parse([.. values, "192.0.2.1"]), (await provider.StateAsync(Shop)).Values);
        Assert.Equal(3 + 1, Server.Asked.Count);

        for (int at = 0; at < 760; at++)
        {
            Zone.Put(Shop, "MX", $"mail-{at}.example.com");
        }

        Assert.Contains("has more records for shop.example.com", Assert.IsType<DnsRead.Denied>(await provider.ReadAsync(Shop, CancellationToken.None)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_name_is_not_asked_for()
    {
        CloudflareProvider provider = Provider();

        Assert.IsType<DnsRead.Denied>(await provider.ReadAsync("shop.example.com/../x?", CancellationToken.None));
        Assert.Empty(Server.Asked);
    }
}
