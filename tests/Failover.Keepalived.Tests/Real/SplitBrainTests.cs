using Failover.TestServers;
using Failover.TestServers.Virtual;

namespace Failover.Keepalived.Tests.Real;

/// <summary>Both nodes hold the address: each detector that can see it tells, and after the heal there is no black hole.</summary>
[Collection(nameof(OnOtherSite))]
public sealed class SplitBrainTests(SharedSite shared)
{
    /// <summary>Two seconds of calls, one each 10 milliseconds: longer than it takes who may look to see that the other one is gone. A client that nobody tells anything is lost for 20 seconds and more.</summary>
    private const int BlackHole = 200;

    private static readonly VirtualAppOptions s_raw = new() { HasRawSockets = true };

    [SiteFact]
    public async Task Nodes_that_do_not_hear_each_other_on_the_wire_hear_by_the_second_path_that_both_hold_the_address()
    {
        VirtualSite site = await shared.ReadyAsync();

        await HealedAsync(site, rounds: 1);

        await site.A.App!.StatusAsync(static status => SharedSite.Active(status) == "node-a" && SharedSite.Condition(status) == "Settled");
    }

    [FullSiteFact]
    public Task No_heal_of_16_leaves_a_black_hole() => HealManyAsync();

    [SiteFact]
    public async Task Where_a_firewall_drops_adverts_the_wire_shows_the_other_holder_to_an_app_that_may_look()
    {
        VirtualSite site = await shared.ReadyAsync(s_raw);
        Assert.Contains("arp: nobody else", (await site.A.App!.StatusAsync()).GetProperty("site").GetProperty("detectors").EnumerateArray().Select(static one => one.GetString()));

        await Task.WhenAll(site.A.DropAdvertsAsync(), site.B.DropAdvertsAsync());

        foreach (VirtualNode node in site.Nodes)
        {
            await node.App!.StatusAsync(static status => SharedSite.Of(status, "standing") == "DualMaster" && status.GetProperty("site").GetProperty("detectors").EnumerateArray().Any(static one => one.GetString()!.EndsWith("has the address too", StringComparison.Ordinal)));
        }

        await Task.WhenAll(site.A.PassAdvertsAsync(), site.B.PassAdvertsAsync());
        await SharedSite.Standing(site.A, "Master", "Ready");
        await SharedSite.Standing(site.B, "Backup", "Ready");
    }

    [FullSiteFact]
    public async Task Where_nothing_passes_between_the_nodes_each_holds_the_address_alone_as_far_as_it_knows_and_joined_again_the_preferred_one_does()
    {
        VirtualSite site = await shared.ReadyAsync();
        await using AddressClient client = await AddressClient.StartAsync(site);

        await site.PartitionAsync(withWire: true);
        await site.HeldByBothAsync();
        foreach (VirtualNode node in site.Nodes)
        {
            await node.App!.StatusAsync(status => SharedSite.Of(status, "standing") == "Master" && SharedSite.Sees(status, $"peer: {site.PeerOf(node).Name} is not heard"));
        }

        TimeSpan healed = VirtualSite.Now;
        await site.HealAsync();
        await SharedSite.Standing(site.A, "Master", "Ready");
        await SharedSite.Standing(site.B, "Backup", "Ready");
        await client.AnswerAsync(site.A, healed);
        await site.SettledAsync(site.A);
        Assert.All(site.Nodes, static node => Assert.DoesNotContain("Two nodes hold", node.App!.Log, StringComparison.Ordinal));
    }

    private async Task HealManyAsync()
    {
        VirtualSite site = await shared.ReadyAsync(s_raw);
        await HealedAsync(site, rounds: 16);
    }

    private static async Task HealedAsync(VirtualSite site, int rounds)
    {
        await using AddressClient client = await AddressClient.StartAsync(site);
        for (int i = 0; i < rounds; i++)
        {
            await site.PartitionAsync(withWire: false);
            await site.HeldByBothAsync();
            await SharedSite.BothAsync(site);

            // Both tell the network in turns that the address is theirs. Whom the client takes for the holder when they are joined again decides whether there can be a black hole: the one that gives the address up.
            await site.NeighbourIsAsync(site.B);
            TimeSpan healed = VirtualSite.Now;
            await site.HealAsync();

            await SharedSite.Standing(site.A, "Master", "Ready");
            await SharedSite.Standing(site.B, "Backup", "Ready");
            AddressCall first = await client.AnswerAsync(site.A, healed);
            AddressReport report = await client.ReportAsync(healed, VirtualSite.Now);
            Assert.True(report.FailedInARow < BlackHole, $"round {i + 1}: {report.FailedInARow} calls in a row failed after the heal; A answered one that began {first.Begun - healed} after it\n{site.Told()}");
            Assert.Equal(site.A, await site.NeighbourAsync());

            // From the first answer of A on, all are answered.
            await Calls.UnderWayOnlyAsync(site, client, first.Ended);
        }
    }
}
