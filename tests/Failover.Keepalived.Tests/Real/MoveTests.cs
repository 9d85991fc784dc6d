using System.Text.Json;
using Failover.TestServers.Virtual;

namespace Failover.Keepalived.Tests.Real;

/// <summary>The address is moved in peace.</summary>
[Collection(nameof(OnSite))]
public sealed class MoveTests(SharedSite shared)
{
    private const int Moves = 10;

    [SiteFact]
    public async Task Planned_moves_and_switchbacks_under_load_fail_no_request_but_what_is_under_way_at_that_instant_and_are_told_as_switchovers()
    {
        VirtualSite site = await shared.ReadyAsync();
        await using AddressClient client = await AddressClient.StartAsync(site);
        TimeSpan from = VirtualSite.Now;

        for (int i = 0; i < Moves / 2; i++)
        {
            Assert.Equal("Completed", await MoveAsync(site.A, site.B));
            await SharedSite.Standing(site.B, "Master", "Ready");
            await SharedSite.Standing(site.A, "Backup", "Hold");
            await ActiveAsync(site, "node-b");
            Assert.Equal("Completed", await MoveAsync(site.A, site.A));
            await SharedSite.Standing(site.A, "Master", "Ready");
            await SharedSite.Standing(site.B, "Backup", "Ready");
            await ActiveAsync(site, "node-a");
        }

        await Calls.UnderWayOnlyAsync(site, client, from);
        Assert.Equal(Moves, SharedSite.Moves(await site.A.App!.StatusAsync()).Count(static one => one.StartsWith("Manual", StringComparison.Ordinal)));
        Assert.Equal(["External node-a node-b Completed", "External node-b node-a Completed"], SharedSite.Moves(await site.B.App!.StatusAsync()).Skip(1).Distinct());
    }

    [SiteFact]
    public async Task An_app_that_is_stopped_hands_the_address_over_first()
    {
        VirtualSite site = await shared.ReadyAsync();
        await using AddressClient client = await AddressClient.StartAsync(site);
        TimeSpan from = VirtualSite.Now;

        site.A.App!.Terminate();
        await site.A.App.EndAsync();

        Assert.True(site.B.OwnsAddress);
        await client.AnswerAsync(site.B, from);
        await Calls.UnderWayOnlyAsync(site, client, from);
        Assert.Contains("The app ends: node-b has the address of site.", site.A.App.Log, StringComparison.Ordinal);
    }

    [SiteFact]
    public async Task A_move_to_a_peer_that_is_not_ready_is_refused_and_one_that_it_does_not_take_is_taken_back()
    {
        VirtualSite site = await shared.ReadyAsync(new VirtualAppOptions { Settings = new Dictionary<string, string> { ["Failover:Groups:site:MoveTimeout"] = "00:00:01" } });
        Assert.Contains("ask there", (await site.B.App!.MoveToAsync(site.B)).GetProperty("evidence").GetString(), StringComparison.Ordinal);
        site.B.Keepalived.FreezeChild();

        JsonElement notTaken = await site.A.App!.MoveToAsync(site.B);

        Assert.Equal("Abandoned", notTaken.GetProperty("outcome").GetString());
        Assert.Contains("did not take the address", notTaken.GetProperty("evidence").GetString(), StringComparison.Ordinal);
        await SharedSite.Standing(site.A, "Master", "Ready");
        site.B.Keepalived.ThawChild();
        await site.B.App.SetLocalAsync(isHealthy: false);
        await site.A.App.StatusAsync(static status => SharedSite.Sees(status, "peer: node-b is out") && status.GetProperty("group").GetProperty("members").GetProperty("node-b").GetString() == "Unhealthy");

        await Assert.ThrowsAsync<MoveRefusedException>(() => site.A.App.MoveToAsync(site.B));
        Assert.True(site.A.OwnsAddress);
    }

    private static async Task<string?> MoveAsync(VirtualNode at, VirtualNode to)
    {
        JsonElement move = await at.App!.MoveToAsync(to);
        return move.GetProperty("outcome").GetString() is "Completed" and var completed ? completed : $"{move}\n{at.App.Log}";
    }

    private static async Task ActiveAsync(VirtualSite site, string node)
    {
        foreach (VirtualNode one in site.Nodes)
        {
            await one.App!.StatusAsync(status => SharedSite.Active(status) == node && SharedSite.Condition(status) == "Settled");
        }
    }
}
