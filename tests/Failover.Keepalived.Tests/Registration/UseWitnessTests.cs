using Failover.Arbiters;
using Microsoft.Extensions.DependencyInjection;

namespace Failover.Keepalived.Tests.Registration;

/// <summary>A site with a third party that says who is to keep the address when both nodes hold it.</summary>
public sealed class UseWitnessTests
{
    [LinuxFact]
    public async Task Of_two_that_hold_the_address_the_lower_one_gives_way_where_the_witness_has_it_with_the_other()
    {
        await using SiteHost host = await DualMasterAsync(isLeaseElsewhere: true);

        await Until.SoAsync(() => host.RunOf("site").Snapshot is { Credit: Credit.Fault, Reason: "both nodes held the address, and the witness has it with the peer" }, () => $"it to give way; it is {host.RunOf("site").Snapshot}");
        await Until.SoAsync(() => File.ReadAllText(host.CreditFile("site")) == "-254\n", () => "the file to hold fault");
    }

    [LinuxFact]
    public async Task Of_two_that_hold_the_address_neither_gives_way_where_the_witness_has_it_here()
    {
        await using SiteHost host = await DualMasterAsync(isLeaseElsewhere: false);

        Assert.Equal(("fit", Credit.Ready), (host.RunOf("site").Snapshot.Reason, host.RunOf("site").Snapshot.Credit));
    }

    /// <summary>The node with the lower priority is master, and so is its peer, as that says twice.</summary>
    private static async Task<SiteHost> DualMasterAsync(bool isLeaseElsewhere)
    {
        MemoryStore? store = null;
        SiteHost host = new((failover, host) =>
        {
            store = new MemoryStore(host.Time);
            failover.AddKeepalived(
                "site",
                options =>
                {
                    host.Set(options);
                    (options.Priority, options.PeerPriority) = (40, 50);
                },
                more => more.UseWitness(witness => witness.UseStore(_ => store)));
        });
        if (isLeaseElsewhere)
        {
            await store!.TakeAsync(new LeaseRequest("site", "node-b", Guid.NewGuid(), TimeSpan.FromMinutes(1)), CancellationToken.None);
        }

        await host.StartAsync();
        await host.BecomesMasterAsync();
        await SeesAsync(host, isLeaseElsewhere ? "witness: the other node holds the lease" : "witness: this node holds the lease");
        host.Peers.Say("master ready 50 192.0.2.2");
        await SeesAsync(host, "peer: node-b is master ready");
        await Until.SoAsync(() => host.RunOf("site").Snapshot.Credit == Credit.Ready, () => $"it to be ready; it is {host.RunOf("site").Snapshot}");
        host.Time.Advance(TimeSpan.FromMilliseconds(250));
        host.Peers.Say("master ready 50 192.0.2.2");
        await Until.SoAsync(() => host.RunOf("site").Snapshot.Standing == VrrpStanding.DualMaster, () => $"both to hold the address; it is {host.RunOf("site").Snapshot}");
        return host;
    }

    private static Task SeesAsync(SiteHost host, string detector) =>
        Until.SoAsync(() => host.RunOf("site").Snapshot.Detectors.Contains(detector), () => $"{detector}; it has {string.Join(", ", host.RunOf("site").Snapshot.Detectors)}");
}
