using Failover.Keepalived.Sites;

namespace Failover.Keepalived.Tests.Sites;

/// <summary>How a site leaves the address to the peer: because somebody asks, and at the end.</summary>
public sealed class SiteRunTests
{
    [LinuxFact]
    public async Task A_hand_over_asks_a_peer_that_was_not_ready_a_moment_ago_once_more()
    {
        await using RunningSite site = await MasterAsync();
        site.Peers.Say("backup hold 40 127.0.0.1");
        site.Peers.Asked = () => site.Peers.Say("backup ready 40 127.0.0.1");

        Task handing = site.Run.HandOverAsync(CancellationToken.None);
        await site.CountsAsync("MASTER", Credit.Hold);
        site.Keepalived.Write("BACKUP 150");

        await Until.Ends(handing);
        Assert.Contains("The app ends: node-b has the address of site.", Messages(site));
    }

    [LinuxFact]
    public async Task A_hand_over_that_the_peer_does_not_take_in_time_is_told_and_leaves_it_the_address_still()
    {
        await using RunningSite site = await MasterAsync();
        site.Peers.Say("backup ready 40 127.0.0.1");

        Task handing = site.Run.HandOverAsync(CancellationToken.None);
        await site.CountsAsync("MASTER", Credit.Hold);
        site.Time.Advance(site.Run.Options.MoveTimeout);

        await Until.Ends(handing);
        Assert.Contains("The app ends, and the address of site is still here: node-b did not take the address within 5 s.", Messages(site));
        Assert.Equal(Credit.Hold, site.Run.Snapshot.Credit);
    }

    [LinuxFact]
    public async Task A_planned_move_that_the_peer_does_not_take_in_time_is_taken_back()
    {
        await using RunningSite site = await MasterAsync();
        site.Peers.Say("backup ready 40 127.0.0.1");

        Task<string?> leaving = site.Run.LeaveAsync(takesBack: true, CancellationToken.None);
        await site.CountsAsync("MASTER", Credit.Hold);
        site.Time.Advance(site.Run.Options.MoveTimeout);

        Assert.Equal("node-b did not take the address within 5 s: it stays here", await Until.Ends(leaving));
        await site.CountsAsync("MASTER", Credit.Ready);
    }

    /// <summary>A node that holds the address, and is ready.</summary>
    private static async Task<RunningSite> MasterAsync()
    {
        RunningSite site = new();
        site.Keepalived.Write("BACKUP 50", "MASTER 50");
        await Until.SoAsync(() => site.Run.View.Role == VrrpRole.Master, () => $"it to be master; it is {site.Run.View}");
        site.Peers.Say("backup hold 40 127.0.0.1");
        await site.CountsAsync("MASTER", Credit.Ready);
        return site;
    }

    private static string[] Messages(RunningSite site) => [.. site.Logger.Collector.GetSnapshot().Select(static log => log.Message)];
}
