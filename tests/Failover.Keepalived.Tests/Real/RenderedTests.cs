using Failover.TestServers.Virtual;

namespace Failover.Keepalived.Tests.Real;

/// <summary>That keepalived does with the rendered configuration what it is made for.</summary>
public sealed class RenderedTests
{
    [FullSiteFact]
    public async Task With_the_rendered_configuration_the_address_moves_by_credit_and_leaves_a_node_whose_app_was_killed_or_hangs()
    {
        // Adverts to one address alone: the other tests of a site send multicast.
        await using VirtualSite site = await VirtualSite.StartAsync(Rendered.Of(static options => options.Unicast = true));
        foreach (VirtualNode node in site.Nodes)
        {
            await node.StartAppAsync(new VirtualAppOptions { DrivesKeepalived = false });
            node.WriteCredit(200);
        }

        await site.HeldByAsync(site.A);
        site.A.WriteCredit(100);
        await site.HeldByAsync(site.B);
        site.A.WriteCredit(200);
        await site.HeldByAsync(site.A);

        site.A.App!.Freeze();
        await site.HeldByAsync(site.B);
        site.A.App!.Thaw();
        await site.HeldByAsync(site.A);

        // What befalls both leaves the address with one of them.
        site.A.App!.Freeze();
        site.B.App!.Freeze();
        await Until.SoAsync(() => Drops(site.A, 250, 50) == 2 && Drops(site.B, 240, 40) == 1, () => $"both scripts fail\n{site.A.Keepalived.Log}\n{site.B.Keepalived.Log}");
        await site.HeldByAsync(site.A);
        site.A.App!.Thaw();
        site.B.App!.Thaw();

        await site.A.EndAppAsync();
        await site.HeldByAsync(site.B);

        // The unit of the app removes what the former one left: the next one does not count as ready.
        File.Delete(site.A.CreditFile);
        await site.A.StartAppAsync(new VirtualAppOptions { DrivesKeepalived = false });
        await site.B.EndAppAsync();
        await site.HeldByAsync(site.A);
    }

    private static int Drops(VirtualNode node, int from, int to) => node.Keepalived.Log.Split($"effective priority from {from} to {to}\n").Length - 1;
}
