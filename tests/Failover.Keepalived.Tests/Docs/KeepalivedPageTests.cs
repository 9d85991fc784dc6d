using Failover.Arbiters;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Failover.Keepalived.Tests.Docs;

/// <summary>What docs/keepalived.md shows.</summary>
public class KeepalivedPageTests
{
    [Fact]
    public void The_registration_of_the_page_is_valid()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("Failover:Peers:Node", "node-a"), new("Failover:Peers:Key", "a secret that both nodes share"), new("Failover:Peers:Addresses:0", "http://10.0.1.2:8081/health/peer")]);

        #region docs:register
        builder.Services.AddFailover(builder.Configuration.GetSection("Failover"))
            .AddPeers()
            .AddKeepalived("site", site =>
            {
                site.Address = "10.77.0.100";
                site.Node = "node-a";                         // on the other node: node-b, 40, and node-a, 50
                site.Priority = 50;
                site.Peer = "node-b";
                site.PeerPriority = 40;
            });
        builder.Services.AddHealthChecks().AddKeepalived("site");
        #endregion

        using IHost host = builder.Build();
        KeepalivedSite site = host.Services.GetRequiredKeyedService<KeepalivedSite>("site");
        Assert.Equal(("site", "keepalived", VrrpStanding.Unknown), (site.Name, site.Group.Kind, site.Snapshot.Standing));
        Assert.Equal(["node-a", "node-b"], site.Group.Snapshot.Members.Select(static member => member.Member.Name));
    }

    [Fact]
    public async Task The_move_of_the_page_is_refused_where_it_cannot_be()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddFailover().AddPeers(static peers => (peers.Node, peers.Key) = ("node-a", "a secret that both nodes share")).AddKeepalived("site", static site => (site.Address, site.Node, site.Peer) = ("10.77.0.100", "node-a", "node-b"));
        using IHost host = builder.Build();

        await Assert.ThrowsAsync<InvalidOperationException>(() => MoveAsync(host.Services.GetRequiredKeyedService<KeepalivedSite>("site"), CancellationToken.None));
    }

    [Fact]
    public void The_gates_of_the_page_are_there_and_closed()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        ILeaseStore store = new MemoryStore(TimeProvider.System);
        IFailoverBuilder failover = builder.Services.AddFailover().AddPeers(static peers => (peers.Node, peers.Key) = ("node-a", "a secret that both nodes share")).AddKeepalived("site", static site => (site.Address, site.Node, site.Peer) = ("10.77.0.100", "node-a", "node-b"));

        #region docs:gate
        failover.AddKeepalivedGate("cache", "site")                                       // passes while this node holds the address
            .AddPrimaryService<CacheWarmer>("cache");
        failover.AddPrimaryGate("invoices-lease", lease => lease.UseStore(_ => store))    // or UseEtcd(), UsePostgreSql("db"), UseKubernetes()
            .AddKeepalivedGate("invoices", "site", "invoices-lease")                      // passes while this node holds the address and the lease
            .AddPrimaryService<Invoices>("invoices");
        #endregion

        using IHost host = builder.Build();
        foreach (string name in new[] { "cache", "invoices" })
        {
            IPrimaryGate gate = host.Services.GetRequiredKeyedService<IPrimaryGate>(name);
            Assert.Equal((name, false), (gate.Name, gate.State.IsPrimary));
        }

        Assert.Equal(2, host.Services.GetServices<IHostedService>().Count(static service => service.GetType().Name.StartsWith("Primary", StringComparison.Ordinal)));
    }

    #region docs:move
    private static async Task MoveAsync(KeepalivedSite site, CancellationToken cancellationToken)
    {
        Switchover move = await site.Group.SwitchToAsync("node-b", cancellationToken);      // on the node that has the address; back: "node-a", on node-a
        Console.WriteLine($"{move.Outcome}: {move.From} -> {move.To}");
    }
    #endregion

    private abstract class Idle : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.CompletedTask;
    }

    private sealed class CacheWarmer : Idle;

    private sealed class Invoices : Idle;
}
