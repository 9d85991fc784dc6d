using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Failover.DnsSwitching.Tests.Following;

/// <summary>The section <c>Failover:DnsFollower</c>.</summary>
public sealed class DnsFollowerOptionsTests
{
    [Theory]
    [InlineData("MaxInterval", "00:00:00", "Failover:DnsFollower:MaxInterval (00:00:00) must be from 00:00:01 to 01:00:00.")]
    [InlineData("MinInterval", "00:00:40", "Failover:DnsFollower:MinInterval (00:00:40) must not be longer than MaxInterval (00:00:30).")]
    [InlineData("Jitter", "2", "Failover:DnsFollower:Jitter (2)")]
    [InlineData("MaxMovesPerMinute", "0", "Failover:DnsFollower:MaxMovesPerMinute (0) must be from 1 to 60.")]
    [InlineData("MaxDrainingPools", "100", "Failover:DnsFollower:MaxDrainingPools (100) must be from 1 to 64.")]
    [InlineData("NameServers:0", "not a server", "Failover:DnsFollower:NameServers:0 (not a server) must be an address or a host name, with a port if it is not 53")]
    [InlineData("NameServer", "192.0.2.53", "Failover:DnsFollower:NameServer is not a")]
    public void A_bad_value_stops_the_start_with_key_value_and_what_is_allowed(string key, string value, string expected)
    {
        using ServiceProvider services = Services(new() { [$"Failover:DnsFollower:{key}"] = value }, out _);

        OptionsValidationException refused = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<LastGoodSection<DnsFollowerOptions>>().Current);
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reload_is_in_force_at_once_and_a_bad_one_changes_nothing()
    {
        using ServiceProvider services = Services(new() { ["Failover:DnsFollower:NameServers:0"] = "192.0.2.53" }, out IConfigurationRoot configuration);
        LastGoodSection<DnsFollowerOptions> section = services.GetRequiredService<LastGoodSection<DnsFollowerOptions>>();
        Assert.Equal(["192.0.2.53"], section.Current.NameServers);

        configuration["Failover:DnsFollower:NameServers:0"] = "[2001:db8::53]:5353";
        configuration.Reload();
        Assert.Equal(["[2001:db8::53]:5353"], section.Current.NameServers);

        configuration["Failover:DnsFollower:MaxInterval"] = "soon";
        configuration.Reload();
        Assert.Equal((TimeSpan.FromSeconds(30), "[2001:db8::53]:5353"), (section.Current.MaxInterval, Assert.Single(section.Current.NameServers)));
        Assert.Contains("MaxInterval", section.Problem, StringComparison.Ordinal);
    }

    private static ServiceProvider Services(Dictionary<string, string?> settings, out IConfigurationRoot configuration)
    {
        configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        ServiceCollection services = new();
        services.AddFailover(configuration.GetSection("Failover")).AddDnsFollower();
        return services.BuildServiceProvider();
    }
}
