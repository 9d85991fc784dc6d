using Failover.TestServers.Virtual;

namespace Failover.Keepalived.Tests.Real;

/// <summary>That the site on which the package is proven is what it says: keepalived alone, told by hand.</summary>
public sealed class SiteTests
{
    [FullSiteFact]
    public async Task Keepalived_moves_the_address_by_credit_and_a_healed_partition_has_one_holder()
    {
        await using VirtualSite site = await VirtualSite.StartAsync(Rendered.Site);
        foreach (VirtualNode node in site.Nodes)
        {
            await node.StartAppAsync(new VirtualAppOptions { DrivesKeepalived = false });
            node.WriteCredit(200);
        }

        await site.HeldByAsync(site.A);
        await using AddressClient client = await AddressClient.StartAsync(site);
        await client.AnswerAsync(site.A, VirtualSite.Now);

        TimeSpan moved = VirtualSite.Now;
        site.A.WriteCredit(100);
        await client.AnswerAsync(site.B, moved);
        await site.HeldByAsync(site.B);
        Assert.Equal(site.B, await site.NeighbourAsync());
        await Calls.UnderWayOnlyAsync(site, client, moved);

        site.A.WriteCredit(200);
        await site.HeldByAsync(site.A);
        await site.PartitionAsync(withWire: false);
        await site.HeldByBothAsync();
        TimeSpan healed = VirtualSite.Now;
        await site.HealAsync();
        await site.HeldByAsync(site.A);
        await client.AnswerAsync(site.A, healed);
        Assert.True(site.HeldByBothWithin(healed, VirtualSite.Now) < TimeSpan.FromSeconds(10));
    }
}
