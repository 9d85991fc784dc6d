using Failover.DnsSwitching.Tests.Switching;
using Failover.TestServers.Cloudflare;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Failover.DnsSwitching.Tests.Cloudflare;

/// <summary>A host app that moves a name at Cloudflare: by configuration, from end to end.</summary>
public sealed class SwitchTests : OnCloudflare
{
    [Fact]
    public async Task A_member_that_fails_takes_the_name_along_and_the_token_is_in_no_log()
    {
        await using Controller app = await StartAsync(Server.Address);
        await app.SettlesOnAsync("a");
        await Until.True(() => app.Switch.Snapshot.IsProven);

        app.Sicken("a");
        await app.SettlesOnAsync("b");

        Assert.Equal(["A 192.0.2.2"], Zone.Told(Shop));
        Assert.StartsWith("cloudflare at 127.0.0.1:", app.Switch.Snapshot.Provider, StringComparison.Ordinal);
        Assert.Single(app.Logged("CloudflareNoPrecondition"));
        Assert.Single(app.Logged("NameMoved"));
        Assert.DoesNotContain(app.Logs.GetSnapshot(), static record => $"{record.Message} {record.Exception}".Contains(CloudflareStandIn.Token, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_token_that_a_server_repeats_is_shown_nowhere()
    {
        const string Wrong = "cfut_wrong-0123456789abcdefghijklmnopqrst";
        await using Controller app = await StartAsync(Server.Address, Wrong);
        await Until.True(() => app.Logged("NameNotProven").Length > 0);

        Assert.Contains("9109: Invalid access token ***", app.Switch.Snapshot.Problem, StringComparison.Ordinal);
        SwitchReadException refused = await Assert.ThrowsAsync<SwitchReadException>(async () => await app.Switch.PlanAsync("b", CancellationToken.None));
        Assert.DoesNotContain(Wrong, $"{refused} {app.Switch.Snapshot} {string.Join('\n', app.Logs.GetSnapshot().Select(static record => $"{record.Message} {record.Exception}"))}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_setting_that_is_wrong_stops_the_start_and_is_not_shown_where_it_may_be_a_secret()
    {
        OptionsValidationException refused = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync("http://api.example.com", "Bearer cfut_wrong-0123456789"));

        Assert.Contains("Failover:Cloudflare:site:BaseUrl must be an https address", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Failover:Cloudflare:site:ApiToken must be an API token", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("cfut_wrong", $"{refused}", StringComparison.Ordinal);
    }

    private Task<Controller> StartAsync(string address, string token = CloudflareStandIn.Token) => Controller.StartAsync(
        new MemoryZone(),

        // The last one counts.
        dns => UseCloudflare(dns, Zone.Id, token),
        new()
        {
            ["Failover:Cloudflare:site:BaseUrl"] = address,
            ["Failover:Cloudflare:site:Timeout"] = "00:00:30",
        });

    private static void UseCloudflare(DnsSwitchBuilder dns, string zoneId, string token) =>
        dns.UseCloudflare(zone => (zone.ZoneId, zone.ApiToken) = (zoneId, token));
}
