using Failover.DnsSwitching.Cloudflare;
using Failover.DnsSwitching.Tests.Rfc2136;
using Failover.TestServers.Cloudflare;

namespace Failover.DnsSwitching.Tests.Cloudflare;

public sealed class RefusalTests : OnCloudflare
{
    private static readonly DnsValues Values = DnsValues.Parse("192.0.2.2");

    [Fact]
    public async Task A_token_that_may_only_read_is_found_out_by_the_probe_and_nothing_is_changed()
    {
        CloudflareProvider provider = Provider(change: static options => options.ApiToken = CloudflareStandIn.ReadToken);
        int writes = Zone.Writes;

        var denied = Assert.IsType<DnsOutcome.Denied>(await provider.ProbeAsync(Shop, Values, CancellationToken.None));

        Assert.Contains("refuses to change shop.example.com (10000: Authentication error). Possible causes: the API token", denied.Reason, StringComparison.Ordinal);
        Assert.Equal(denied, await provider.ApplyAsync(await ChangeAsync(provider, "one", "192.0.2.2"), CancellationToken.None));
        Assert.Equal(writes, Zone.Writes);
    }

    [Theory]
    [InlineData("token", "(9109: Invalid access token ***). Possible causes: the API token is another one")]
    [InlineData("zone", "there is no zone with this id, or the API token does not see it")]
    public async Task A_token_or_a_zone_that_is_another_is_told_in_words(string what, string words)
    {
        CloudflareProvider good = Provider(), bad = Provider(change: options => _ = what == "token" ? options.ApiToken = "cfut_another-one-0123456789abcdefghijklmn" : options.ZoneId = new string('0', 32));
        DnsChange change = await ChangeAsync(good, "one", "192.0.2.2");

        Assert.Contains(words, Assert.IsType<DnsRead.Denied>(await bad.ReadAsync(Shop, CancellationToken.None)).Reason, StringComparison.Ordinal);
        Assert.Contains(words, Assert.IsType<DnsOutcome.Denied>(await bad.ProbeAsync(Shop, Values, CancellationToken.None)).Reason, StringComparison.Ordinal);
        Assert.Contains(words, Assert.IsType<DnsOutcome.Denied>(await bad.ApplyAsync(change, CancellationToken.None)).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_probe_is_good_where_a_change_would_be_let_through_and_changes_nothing(bool useBatch)
    {
        CloudflareProvider provider = Provider(useBatch);
        DnsRecordState before = await provider.StateAsync(Shop);
        int writes = Zone.Writes;

        Assert.Null(await provider.ProbeAsync(Shop, Values, CancellationToken.None));

        Assert.Equal(writes, Zone.Writes);
        Assert.Equal(before, await provider.StateAsync(Shop));
        Assert.Equal(useBatch ? 0 : 1, Logs.GetSnapshot().Count(static record => record.Id.Name == "CloudflareNoPrecondition"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_probe_that_is_refused_for_anything_but_the_record_that_is_not_there_proves_nothing(bool useBatch)
    {
        FailNext("batch", CloudflareFault.Refuse);

        var denied = Assert.IsType<DnsOutcome.Denied>(await Provider(useBatch).ProbeAsync(Shop, Values, CancellationToken.None));

        Assert.EndsWith("refuses to change shop.example.com (9207: Request body is invalid.).", denied.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_service_that_passes_over_a_record_that_is_gone_is_no_compare_and_swap(bool useBatch)
    {
        Zone.PassesOverMissing = true;

        DnsOutcome? outcome = await Provider(useBatch).ProbeAsync(Shop, Values, CancellationToken.None);

        Assert.Equal(useBatch, outcome is DnsOutcome.Denied denied && denied.Reason.EndsWith("set UseBatch to false.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_name_that_is_proxied_is_told_of_at_the_start()
    {
        Zone.Remove(Shop);
        Zone.Put(Shop, "A", "192.0.2.1", proxied: true);

        await Provider().ProbeAsync(Shop, Values, CancellationToken.None);

        Assert.Single(Logs.GetSnapshot(), static record => record.Id.Name == "CloudflareProxied");
    }

    [Theory]
    [InlineData(CloudflareFault.Throttle, 7)]
    [InlineData(CloudflareFault.ThrottleByCode, null)]
    public async Task A_service_that_wants_fewer_requests_has_done_nothing_and_says_when_to_come_again(CloudflareFault fault, int? seconds)
    {
        TimeSpan? after = seconds is { } its ? TimeSpan.FromSeconds(its) : null;
        CloudflareProvider provider = Provider();
        DnsChange change = await ChangeAsync(provider, "one", "192.0.2.2");

        foreach (string asked in (string[])["GET", "batch"])
        {
            FailNext(asked, fault);
            Assert.Equal(new DnsOutcome.Throttled(after), await provider.ApplyAsync(change, CancellationToken.None));
            FailNext(asked, fault);
            Assert.Equal(new DnsOutcome.Throttled(after), await provider.ProbeAsync(Shop, Values, CancellationToken.None));
        }

        Server.Interfere = (_, _) => fault;
        Assert.IsType<DnsRead.Failed>(await provider.ReadAsync(Shop, CancellationToken.None));
        Assert.Equal(["A 192.0.2.1"], Zone.Told(Shop));

        // The budget of requests runs out between the change and the reading back.
        Server.Interfere = static (_, _) => null;
        Server.RequestsLeft = 3;
        Assert.Contains("the provider wants no request for 3 s", Assert.IsType<DnsOutcome.Unknown>(await provider.ApplyAsync(change, CancellationToken.None)).Reason, StringComparison.Ordinal);
        Server.RequestsLeft = null;
        Assert.IsType<DnsOutcome.AlreadyThere>(await provider.ApplyAsync(change, CancellationToken.None));
    }

    [Fact]
    public async Task A_value_that_the_service_does_not_take_is_denied_in_its_words()
    {
        Zone.ShortestTtl = 120;
        CloudflareProvider provider = Provider();

        var denied = Assert.IsType<DnsOutcome.Denied>(await provider.ApplyAsync(await ChangeAsync(provider, "one", "192.0.2.2"), CancellationToken.None));

        Assert.Contains("(1004: DNS Validation Error (9021: Invalid TTL. Must be between 120 and 86400 seconds, or 1 for Automatic.))", denied.Reason, StringComparison.Ordinal);
        Assert.Equal(["A 192.0.2.1"], Zone.Told(Shop));
    }
}
