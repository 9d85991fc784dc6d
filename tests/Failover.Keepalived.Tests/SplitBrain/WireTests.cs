using System.Net;
using Failover.Keepalived.SplitBrain;
using Failover.TestServers;
using Failover.TestServers.Network;
using Microsoft.Extensions.Logging.Testing;

namespace Failover.Keepalived.Tests.SplitBrain;

/// <summary>On hosts with networks of their own, with real sockets and a real keepalived.</summary>
public sealed class WireTests : IAsyncLifetime
{
    private const string Address = "10.213.0.100";
    private const string Address6 = "fd77::64";

    private readonly FakeLogCollector _logs = new();
    private readonly List<IAsyncDisposable> _parts = [];
    private NetworkSite _site = null!;

    private NetworkHost A => _site.Hosts[0];

    private NetworkHost B => _site.Hosts[1];

    private NetworkHost Client => _site.Hosts[2];

    public async Task InitializeAsync() => _site = await NetworkSite.StartAsync(3);

    public async Task DisposeAsync()
    {
        foreach (IAsyncDisposable part in Enumerable.Reverse(_parts))
        {
            await part.DisposeAsync();
        }

        await _site.DisposeAsync();
    }

    [NetworkFact]
    public async Task Two_hosts_that_both_have_the_address_see_each_other_by_ARP_until_one_gives_it_up()
    {
        await HaveAsync(A);
        await HaveAsync(B);
        ForeignHolders a = Watch(A);
        ForeignHolders b = Watch(B);
        a.Hold(true);
        b.Hold(true);
        await UntilAsync(a, $"arp: {await MacAsync(B)} has the address too", "adverts: nobody else");
        await UntilAsync(b, $"arp: {await MacAsync(A)} has the address too", "adverts: nobody else");
        Assert.True(a.SeesAnother && b.SeesAnother);

        // The client still believes the one that has given it up.
        await Client.RunAsync("ip", "neigh", "replace", Address, "lladdr", await MacAsync(B), "dev", "eth0", "nud", "reachable");
        b.Hold(false);
        await B.RunAsync("ip", "addr", "del", $"{Address}/24", "dev", "eth0");
        await UntilAsync(a, "arp: nobody else", "adverts: nobody else");
        Assert.False(a.SeesAnother);
        await UntilClientFindsAsync(Address, A);
        Assert.Contains(_logs.GetSnapshot(), static log => log.Id.Id == 11023);
    }

    [NetworkFact]
    public async Task The_only_holder_sees_nobody_and_asks_without_claiming_the_address()
    {
        await HaveAsync(A);
        ForeignHolders a = Watch(A);
        await UntilAsync(a, "arp: not looking", "adverts: not looking");
        using ArpTap tap = new(B);
        a.Hold(true);
        List<Arp> probes = await tap.HearAsync(4, static arp => arp.Target.Equals(IPAddress.Parse(Address)));
        Assert.All(probes, static probe => Assert.Equal((false, IPAddress.Any), (probe.IsReply, probe.Sender)));
        Assert.False(a.SeesAnother);
        Assert.Equal(["arp: nobody else", "adverts: nobody else"], a.Detectors);
    }

    [NetworkFact("keepalived", "nft")]
    public async Task A_keepalived_that_is_master_elsewhere_is_seen_by_its_adverts_behind_a_firewall_too()
    {
        await A.RunAsync("nft", "add table inet t; add chain inet t in { type filter hook input priority 0; }; add rule inet t in ip protocol 112 drop");
        await HaveAsync(A);
        ForeignHolders a = Watch(A);
        a.Hold(true);
        _parts.Add(await Router.StartAsync(B, version: 3, "0.1", $"{Address}/24 dev eth0"));
        await UntilAsync(a, $"arp: {await MacAsync(B)} has the address too", $"adverts: {B.Address} is master too");
    }

    [NetworkFact("keepalived")]
    public async Task Adverts_of_version_2_are_seen_and_those_of_another_router_are_not()
    {
        _parts.Add(await Router.StartAsync(B, version: 2, "1", "10.213.0.101/24 dev eth0"));
        ForeignHolders other = Watch(A, new() { Address = Address, RouterId = 78 });
        ForeignHolders a = Watch(A);
        other.Hold(true);
        a.Hold(true);
        await UntilAsync(a, "arp: nobody else", $"adverts: {B.Address} is master too");
        Assert.Equal(["arp: nobody else", "adverts: nobody else"], other.Detectors);
    }

    [NetworkFact("keepalived")]
    public async Task Adverts_over_IPv6_are_seen_too()
    {
        ForeignHolders a = Watch(A, new() { Address = Address6, Interface = "eth0" });
        a.Hold(true);
        _parts.Add(await Router.StartAsync(B, version: 3, "0.1", "fe80::77/64 dev eth0", $"{Address6}/64 dev eth0"));
        await UntilAsync(a, detectors => detectors is ["arp: absent (IPv6)", ['a', .. var adverts]] && adverts.StartsWith("dverts: fe80::", StringComparison.Ordinal));
        Assert.True(a.SeesAnother);
    }

    [NetworkFact]
    public async Task An_announcement_draws_the_clients_here()
    {
        await HaveAsync(A);
        ForeignHolders a = Watch(A);
        a.Hold(true);
        await UntilAsync(a, "arp: nobody else", "adverts: nobody else");
        await Client.RunAsync("ip", "neigh", "replace", Address, "lladdr", await MacAsync(B), "dev", "eth0", "nud", "reachable");
        Assert.True(a.Announce());
        await UntilClientFindsAsync(Address, A);
    }

    [NetworkFact]
    public async Task An_announcement_draws_the_clients_of_an_IPv6_address_here()
    {
        ForeignHolders a = Watch(A, new() { Address = Address6, Interface = "eth0" });
        a.Hold(true);
        await UntilAsync(a, "arp: absent (IPv6)", "adverts: nobody else");
        await Client.RunAsync("ip", "neigh", "replace", Address6, "lladdr", await MacAsync(B), "dev", "eth0", "nud", "reachable");
        a.AnnounceAfter("node-b");
        await UntilClientFindsAsync(Address6, A);
        Assert.Contains(_logs.GetSnapshot(), static log => log.Id.Id == 11023);
    }

    [NetworkFact]
    public async Task An_interface_that_goes_down_or_away_is_told_and_used_again_when_it_is_back()
    {
        Task AddAsync() => A.RunAsync("ip", "link", "add", "eth1", "up", "type", "veth", "peer", "name", "end1");
        await AddAsync();
        ForeignHolders a = Watch(A, new() { Address = Address, Interface = "eth1" });
        a.Hold(true);
        await UntilAsync(a, "arp: nobody else", "adverts: nobody else");
        await A.RunAsync("ip", "link", "set", "eth1", "down");
        await UntilAsync(a, "arp: absent (eth1 is down)", "adverts: absent (eth1 is down)");
        Assert.False(a.Announce());
        await A.RunAsync("ip", "link", "del", "eth1");
        await UntilAsync(a, "arp: absent (eth1 is not there)", "adverts: absent (eth1 is not there)");
        await AddAsync();
        await UntilAsync(a, "arp: nobody else", "adverts: nobody else");
        Assert.True(a.Announce());
        Assert.Equal(2, _logs.GetSnapshot().Count(static log => log.Id.Id == 11020));
    }

    private ForeignHolders Watch(NetworkHost host, KeepalivedOptions? options = null)
    {
        KeepalivedOptions its = options ?? new() { Address = Address };
        ForeignHolders holders = new(its, TimeProvider.System, new FakeLogger(_logs), (heard, lost) => host.Inside(() => Wire.Open(its, heard, lost)));
        _parts.Add(holders);
        return holders;
    }

    private static Task<string> HaveAsync(NetworkHost host) => host.RunAsync("ip", "addr", "add", $"{Address}/24", "dev", "eth0");

    private static async Task<string> MacAsync(NetworkHost host) => (await host.RunAsync("ip", "-br", "link", "show", "eth0")).Split(' ', StringSplitOptions.RemoveEmptyEntries)[2];

    /// <summary>Waits until the client has a node's hardware address for an address.</summary>
    private async Task UntilClientFindsAsync(string address, NetworkHost host)
    {
        string mac = await MacAsync(host), found = "";
        await Waiting.ForAsync(
            async () => (found = await Client.RunAsync("ip", "neigh", "show", address)).Contains(mac, StringComparison.Ordinal) ? found : null,
            TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(30), () => $"the client to find {mac}: {found}");
    }

    private Task UntilAsync(ForeignHolders holders, params string[] detectors) => UntilAsync(holders, its => its.SequenceEqual(detectors));

    private Task UntilAsync(ForeignHolders holders, Func<IReadOnlyList<string>, bool> isSo) =>
        Until.SoAsync(() => isSo(holders.Detectors), () => $"{string.Join(", ", holders.Detectors)}; logged: {string.Join("; ", _logs.GetSnapshot().Select(static log => $"{log.Message} {log.Exception}"))}");
}
