using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Failover.Keepalived.Tests.Registration;

/// <summary>What is wrong with the settings of a virtual address is told at start, with key, value and what is allowed.</summary>
public class KeepalivedOptionsTests
{
    [Theory]
    [InlineData("Address", "10.77.0.100/24", "without a prefix length")]
    [InlineData("Address", "10", "without a prefix length")]
    [InlineData("Address", "fe80::1%eth0", "without a prefix length")]
    [InlineData("Address", "0.0.0.0", "which an interface of either node can have")]
    [InlineData("Address", "127.0.0.1", "which an interface of either node can have")]
    [InlineData("Address", "224.0.0.18", "which an interface of either node can have")]
    [InlineData("Address", "ff02::12", "which an interface of either node can have")]
    [InlineData("Address", "", "must be the virtual IP address")]
    [InlineData("Peer", "", "must be the name of the other node")]
    [InlineData("Peer", "node-a", "must be another than Node")]
    [InlineData("Node", "node a", "must be the name of this node")]
    [InlineData("Instance", "VI 1", "must be the name of a vrrp_instance")]
    [InlineData("Instance", "VI#1", "must be the name of a vrrp_instance, like VI_1, of up to 128 letters, digits")]
    [InlineData("Interface", "eth0:1", "must be the name of a network interface")]
    [InlineData("CreditFile", "/run/credit", "in a directory of its own")]
    [InlineData("RouterId", "256", "from 1 to 255")]
    [InlineData("Priority", "55", "from 1 to 54")]
    [InlineData("PeerPriority", "50", "(50) must be at least 3 above or below Priority (50)")]
    [InlineData("PeerPriority", "52", "(52) must be at least 3 above or below Priority (50)")]
    [InlineData("PeerPriority", "48", "(48) must be at least 3 above or below Priority (50)")]
    [InlineData("CreditFile", "credit", "must be the whole path of a file")]
    [InlineData("CreditFile", "/run/./credit", "without . and .. in it")]
    [InlineData("CreditFile", "/run/failover/..", "without . and .. in it")]
    [InlineData("Fifo", "/run/failover/../fifo", "without . and .. in it")]
    [InlineData("Fifo", "/run/failover/credit", "must be another file than CreditFile")]
    [InlineData("ProcessName", "sixteen-letters-", "must have 1 to 15")]
    [InlineData("AckTimeout", "00:00:00.05", "from")]
    [InlineData("MoveTimeout", "00:02:00", "to")]
    [InlineData("PeerInterval", "soon", "00:00:00")]
    public void A_bad_value_is_told_by_its_key(string key, string value, string rule)
    {
        OptionsValidationException refused = Assert.Throws<OptionsValidationException>(() => Start((key, value)));

        string told = Assert.Single(refused.Failures);
        Assert.Contains($"Failover:Groups:site:{key}", told, StringComparison.Ordinal);
        Assert.Contains(rule, told, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_is_misspelt_is_told()
    {
        OptionsValidationException refused = Assert.Throws<OptionsValidationException>(() => Start(("CreditFiel", "/run/credit")));

        Assert.Contains("CreditFile", Assert.Single(refused.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_health_of_the_nodes_it_is_said_what_is_missing()
    {
        OptionsValidationException refused = Assert.Throws<OptionsValidationException>(() => Start());

        Assert.Contains("call AddFailover().AddPeers()", Assert.Single(refused.Failures), StringComparison.Ordinal);
    }

    private static void Start(params (string Key, string Value)[] settings)
    {
        Dictionary<string, string?> all = new()
        {
            ["Failover:Groups:site:Kind"] = "Keepalived",
            ["Failover:Groups:site:Address"] = "10.77.0.100",
            ["Failover:Groups:site:Node"] = "node-a",
            ["Failover:Groups:site:Peer"] = "node-b",
        };
        foreach ((string key, string value) in settings)
        {
            all[$"Failover:Groups:site:{key}"] = value;
        }

        ServiceCollection services = new();
        services.AddFailover(new ConfigurationBuilder().AddInMemoryCollection(all).Build().GetSection("Failover")).AddKeepalived();
        using ServiceProvider provider = services.BuildServiceProvider();
        _ = provider.GetRequiredService<FailoverGroups>()["site"];
    }
}
