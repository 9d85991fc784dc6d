using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Failover.DnsSwitching.Tests.Switching;

/// <summary>What is refused at the start, and what a reload may change.</summary>
public sealed class DnsSettingsTests
{
    private readonly MemoryZone _zone = new();

    [Fact]
    public async Task Two_members_with_the_same_values_are_refused_at_start() =>
        Assert.Contains("for a and for b", (await Assert.ThrowsAsync<OptionsValidationException>(() => Controller.StartAsync(_zone, settings: new() { ["Failover:Dns:site:Targets:b"] = "192.0.2.1" }))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_name_outside_the_zone_is_refused_at_start() =>
        Assert.Equal("Failover:Rfc2136:site:Zone must be the zone of the name that is moved: shop.example.com is not within zone example.org.", (await Assert.ThrowsAsync<OptionsValidationException>(() => Controller.StartAsync(_zone, static dns => dns.UseRfc2136(static zone =>
            (zone.Server, zone.Zone, zone.KeyName, zone.Secret) = ("192.0.2.53", "example.org", "failover", Convert.ToBase64String(new byte[32])))))).Message);

    [Theory]
    [InlineData("Failover:Dns:site:TimeToLive", "00:00:00", "from 00:00:01")]
    [InlineData("Failover:Dns:site:TimeToLive", "00:00:01.5", "whole seconds")]
    [InlineData("Failover:Dns:site:NameServers:0", "ns1:", "a port where it is not 53")]
    [InlineData("Failover:Dns:site:Targets:b:0", "10", "IP addresses, or one other name", "Failover:Dns:site:Targets:b (10)")]
    [InlineData("Failover:Dns:site:Targets:b:0", "shop.example.com", "another name", "Failover:Dns:site:Targets:b (shop.example.com)")]
    [InlineData("Failover:Dns:site:Targets:c", "192.0.2.3", "must be the name of a member of site: a, b")]
    [InlineData("Failover:Dns:site:Owner", "a b", "1 to 64 letters")]
    [InlineData("Failover:Dns:shop:CoolDown", "00:00:01", "belongs to no group", "Failover:Dns:shop ")]
    [InlineData("Failover:Dns:site:Cooldwn", "00:00:01", "CoolDown")]
    public async Task A_wrong_setting_is_refused_at_start_by_its_key(string key, string value, string why, string? told = null)
    {
        string message = (await Assert.ThrowsAsync<OptionsValidationException>(() => Controller.StartAsync(_zone, settings: new() { [key] = value }))).Message;

        Assert.Contains(told ?? key, message, StringComparison.Ordinal);
        Assert.Contains(why, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Targets_that_do_not_fit_the_members_are_refused_by_a_reload_and_the_last_good_ones_stay()
    {
        await using Controller host = await Controller.StartAsync(_zone);
        await host.SettlesOnAsync("a");

        host.Set("Failover:Dns:site:Targets:b", "192.0.2.1");
        host.Sicken("a");
        await host.SettlesOnAsync("b");
        Assert.Equal("A 192.0.2.2", _zone.State.Values.ToString());
        Assert.Contains("would hold A 192.0.2.1 for a and for b", Assert.Single(host.Logged("TargetsRefused")), StringComparison.Ordinal);

        host.Set("Failover:Dns:site:Targets:b", "192.0.2.2");
        host.Set("Failover:Dns:site:Targets:c", "192.0.2.3");
        await Until.True(() => host.Logged("TargetsRefused").Length == 2);
        Assert.Contains("Failover:Dns:site:Targets:c must be the name of a member of site: a, b.", host.Logged("TargetsRefused")[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Members_that_come_to_have_the_same_values_move_nothing_and_that_is_told()
    {
        await using Controller host = await Controller.StartAsync(_zone);
        await host.SettlesOnAsync("a");

        host.Group.AddMember(new("c", new("http://192.0.2.2:81/")));
        host.Sicken("a");
        await Until.True(() => host.Switch.Snapshot.Problem?.Contains("the same for b and for c", StringComparison.Ordinal) == true);

        Assert.Empty(_zone.Changes);
        Assert.Equal(HealthStatus.Degraded, (await host.CheckAsync()).Status);
    }

    [Theory]
    [InlineData("Owner", "another")]
    [InlineData("CoolDown", "00:00:30")]
    [InlineData("VisibleWithin", "00:00:30")]
    public async Task A_setting_that_is_read_at_the_start_alone_cannot_be_changed_by_a_reload(string key, string value)
    {
        await using Controller host = await Controller.StartAsync(_zone);

        host.Set($"Failover:Dns:site:{key}", value);
        await Until.True(() => host.Logs.GetSnapshot().Any(record => record.Message.Contains($"Failover:Dns:site:{key} ({value}) cannot change while running", StringComparison.Ordinal)));
    }
}
