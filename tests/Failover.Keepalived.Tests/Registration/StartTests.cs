using Failover.Keepalived.Tests.Watching;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Failover.Keepalived.Tests.Registration;

/// <summary>What an app with virtual addresses cannot start with, and what it can: several addresses under one keepalived.</summary>
public sealed class StartTests
{
    [LinuxFact]
    public async Task A_node_that_its_peer_knows_by_another_name_is_refused()
    {
        await using SiteHost host = new(static (failover, host) => failover.AddKeepalived("site", options =>
        {
            host.Set(options);
            options.Node = "node-x";
        }));

        OptionsValidationException refused = await Assert.ThrowsAsync<OptionsValidationException>(host.StartAsync);

        Assert.Equal(["Failover:Groups:site:Node (node-x) must be what its peer knows this node by: Failover:Peers:Node (node-a)."], refused.Failures);
    }

    [LinuxFact]
    public async Task A_group_of_another_kind_has_no_site()
    {
        await using SiteHost host = new(static (failover, _) => failover.AddKeepalived().AddGroup("orders", static (_, group) => group.AddMember(new Uri("tcp://a:1")).UseProbe(Moq.Mock.Of<IMemberProbe>())));

        InvalidOperationException refused = Assert.Throws<InvalidOperationException>(() => host.Services.GetRequiredKeyedService<KeepalivedSite>("orders"));

        Assert.Contains("only a group of kind Keepalived has a KeepalivedSite", refused.Message, StringComparison.Ordinal);
    }

    [LinuxFact]
    public async Task Two_addresses_under_one_keepalived_hear_all_that_it_says_of_each()
    {
        await using SiteHost host = Two(static (_, _) => { });
        await host.StartAsync();
        const int lines = 100;

        for (int i = 0; i < lines; i++)
        {
            host.Keepalived.WriteRaw("INSTANCE \"VI_1\" BACKUP_PRIORITY 51\nINSTANCE \"VI_2\" BACKUP_PRIORITY 52\n");
        }

        await Until.SoAsync(
            () => (host.RunOf("site").View, host.RunOf("two").View) is ({ Lines: lines, Priority: 51 }, { Lines: lines, Priority: 52 }),
            () => $"each to hear {lines} lines: {host.RunOf("site").View}, {host.RunOf("two").View}");
    }

    public static TheoryData<string, Action<KeepalivedOptions, KeepalivedOptions>> Clashes => new()
    {
        { "CreditFile (*) must be another file than those of the group site: each address has a credit of its own.", static (other, site) => other.CreditFile = site.CreditFile },
        { "CreditFile (*) must be another file than those of the group site: each address has a credit of its own.", static (other, site) => (other.CreditFile, other.Fifo) = (site.Fifo, $"{site.Fifo}-2") },
        { "Fifo (*) must be another file than the CreditFile of the group site.", static (other, site) => other.Fifo = site.CreditFile },
        { "Address (*) must be another than that of the group site.", static (other, site) => other.Address = site.Address },
        { "RouterId (77) must be another than that of the group site, or their Interface: on one network each address has a virtual_router_id of its own.", static (other, site) => other.RouterId = site.RouterId },
        { "Instance (VI_1) must be another than that of the group site, which has the same Fifo: of which address a line is, its instance tells.", static (other, site) => other.Instance = site.Instance },
        { "ProcessName (shop) must be that of the group site (none): a process has one name.", static (other, _) => other.ProcessName = "shop" },
        { "ProcessName (null) must be that of the group site (shop): a process has one name.", static (_, site) => site.ProcessName = "shop" },
        { "ProcessName (b) must be that of the group site (a): a process has one name.", static (other, site) => (other.ProcessName, site.ProcessName, other.Fifo) = ("b", "a", $"{site.Fifo}-2") },
    };

    [LinuxTheory]
    [MemberData(nameof(Clashes))]
    public async Task What_two_addresses_cannot_share_is_told_with_its_key_and_value(string told, Action<KeepalivedOptions, KeepalivedOptions> spoil)
    {
        await using SiteHost host = Two(spoil);

        OptionsValidationException refused = await Assert.ThrowsAsync<OptionsValidationException>(host.StartAsync);

        string[] parts = $"Failover:Groups:two:{told}".Split('*');
        string problem = Assert.Single(refused.Failures);
        Assert.StartsWith(parts[0], problem, StringComparison.Ordinal);
        Assert.EndsWith(parts[^1], problem, StringComparison.Ordinal);
    }

    [LinuxFact]
    public async Task Two_addresses_of_which_each_has_a_keepalived_need_no_names_of_their_own_for_instance_and_process()
    {
        using FakeKeepalived second = new();
        await using SiteHost host = Two((other, site) => (other.Instance, other.Fifo, other.ProcessName) = (site.Instance, second.Start().Path, null));

        await host.StartAsync();

        second.Write("BACKUP_PRIORITY 53");
        await Until.SoAsync(() => host.RunOf("two").View.Priority == 53, () => $"the second keepalived to be heard: {host.RunOf("two").View}");
        Assert.Equal(0, host.RunOf("site").View.Lines);
    }

    private static SiteHost Two(Action<KeepalivedOptions, KeepalivedOptions> spoil) => new((failover, host) =>
    {
        KeepalivedOptions site = new();
        KeepalivedOptions other = new();
        host.Set(site);
        host.Set(other);
        (other.Address, other.Instance, other.RouterId, other.CreditFile) = ("192.0.2.3", "VI_2", 78, host.CreditFile("two"));
        spoil(other, site);
        foreach ((string name, KeepalivedOptions given) in new[] { ("site", site), ("two", other) })
        {
            failover.AddKeepalived(name, options =>
            {
                (options.Address, options.Node, options.Peer, options.Instance, options.RouterId) = (given.Address, given.Node, given.Peer, given.Instance, given.RouterId);
                (options.Fifo, options.CreditFile, options.ProcessName) = (given.Fifo, given.CreditFile, given.ProcessName);
            });
        }
    });
}
