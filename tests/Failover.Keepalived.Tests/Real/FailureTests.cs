using Failover.TestServers.Virtual;

namespace Failover.Keepalived.Tests.Real;

/// <summary>A node fails, and the other one has the address: two real keepalived, real apps that run as nobody.</summary>
[Collection(nameof(OnOtherSite))]
public sealed class FailureTests(SharedSite shared)
{
    [SiteFact]
    public async Task A_node_whose_app_is_unhealthy_gives_the_address_up_and_does_not_take_it_back_by_itself_before_the_hold_down()
    {
        VirtualSite site = await shared.ReadyAsync();
        await using AddressClient client = await AddressClient.StartAsync(site);
        TimeSpan from = VirtualSite.Now;

        await site.A.App!.SetLocalAsync(isHealthy: false);

        await client.AnswerAsync(site.B, from);
        await SharedSite.Standing(site.A, "Fault", "Fault");
        await SharedSite.Standing(site.B, "Master", "Ready");
        await site.B.App!.StatusAsync(static status => SharedSite.Active(status) == "node-b" && SharedSite.Moves(status) is [_, "Failover node-a node-b Completed"]);
        await site.A.App.StatusAsync(static status => SharedSite.Active(status) == "node-b" && SharedSite.Moves(status) is [_, "Failover node-a node-b Completed"]);
        TimeSpan moved = VirtualSite.Now;

        await site.A.App.SetLocalAsync(isHealthy: true);
        await SharedSite.Standing(site.A, "Backup", "Hold");
        Assert.True(site.B.OwnsAddress);
        await Calls.UnderWayOnlyAsync(site, client, moved);
    }

    [SiteFact]
    public async Task A_node_whose_app_is_killed_loses_the_address_and_its_next_app_begins_unproven()
    {
        VirtualSite site = await shared.ReadyAsync();
        await using AddressClient client = await AddressClient.StartAsync(site);
        TimeSpan from = VirtualSite.Now;

        await site.A.App!.KillAsync();

        await client.AnswerAsync(site.B, from);
        await SharedSite.Standing(site.B, "Master", "Ready");
        TimeSpan moved = VirtualSite.Now;
        await site.A.StartAppAsync();
        await SharedSite.Standing(site.A, "Backup", "Hold");
        Assert.True(site.B.OwnsAddress);
        await Calls.UnderWayOnlyAsync(site, client, moved);
    }

    [SiteFact]
    public Task A_node_whose_app_is_frozen_loses_the_address_to_the_last_resort_script_and_does_not_take_it_back_when_it_wakes() => FrozenAsync("Auto");

    [SiteFact]
    public Task A_node_whose_app_is_frozen_and_wakes_where_somebody_is_to_ask_leaves_the_address_to_its_peer() => FrozenAsync("Never");

    [SiteFact]
    public async Task When_both_nodes_are_unhealthy_the_address_stays_where_it_is_whichever_failed_last()
    {
        VirtualSite site = await shared.ReadyAsync();
        await site.B.App!.SetLocalAsync(isHealthy: false);
        await SharedSite.Standing(site.B, "Fault", "Fault");
        await site.A.App!.StatusAsync(static status => SharedSite.Sees(status, "peer: node-b is out"));
        await using AddressClient client = await AddressClient.StartAsync(site);
        TimeSpan from = VirtualSite.Now;

        await site.A.App.SetLocalAsync(isHealthy: false);

        await SharedSite.Standing(site.A, "Master", "Hold");
        await SharedSite.Standing(site.B, "Backup", "Unproven");
        AddressReport report = await client.ReportAsync(from, VirtualSite.Now);
        Assert.Equal((0, 0), (report.Failed.Count, report.Answers.GetValueOrDefault("node-b")));

        // The same with the other node, which has the lower priority.
        await site.B.App.SetLocalAsync(isHealthy: true);
        await SharedSite.Standing(site.B, "Master", "Ready");
        await site.B.App.StatusAsync(static status => SharedSite.Sees(status, "peer: node-a is out"));
        from = VirtualSite.Now;
        await site.B.App.SetLocalAsync(isHealthy: false);
        await SharedSite.Standing(site.B, "Master", "Hold");
        await SharedSite.Standing(site.A, "Backup", "Unproven");
        report = await client.ReportAsync(from, VirtualSite.Now);
        Assert.Equal((0, 0), (report.Failed.Count, report.Answers.GetValueOrDefault("node-a")));
    }

    [SiteFact]
    public async Task When_a_database_that_both_share_is_down_nothing_moves()
    {
        VirtualSite site = await shared.ReadyAsync();
        await using AddressClient client = await AddressClient.StartAsync(site);
        TimeSpan from = VirtualSite.Now;

        await Task.WhenAll(site.A.App!.SetSharedAsync(isHealthy: false), site.B.App!.SetSharedAsync(isHealthy: false));
        foreach (VirtualNode node in site.Nodes)
        {
            await node.App!.StatusAsync(static status => !status.GetProperty("verdicts").GetProperty("operational").GetBoolean() && status.GetProperty("verdicts").GetProperty("canServe").GetBoolean());
        }

        await client.NextAsync(static call => call.Node == "node-a", VirtualSite.Now);
        await SharedSite.Standing(site.A, "Master", "Ready");
        await SharedSite.Standing(site.B, "Backup", "Ready");
        AddressReport report = await client.ReportAsync(from, VirtualSite.Now);
        Assert.Equal((0, 0), (report.Failed.Count, report.Answers.GetValueOrDefault("node-b")));
    }

    /// <summary>At the pace of adverts that users get: on a site of its own.</summary>
    private static async Task FrozenAsync(string switchback)
    {
        await using VirtualSite site = await VirtualSite.StartAsync(Rendered.Of(static _ => { }));
        await SharedSite.ReadyAsync(site, new VirtualAppOptions { Settings = new Dictionary<string, string> { ["Failover:Groups:site:Switchback:Mode"] = switchback } });
        await using AddressClient client = await AddressClient.StartAsync(site);
        TimeSpan from = VirtualSite.Now;

        site.A.App!.Freeze();
        await client.AnswerAsync(site.B, from);
        await SharedSite.Standing(site.B, "Master", "Ready");
        await site.HeldByAsync(site.B);
        TimeSpan thawed = VirtualSite.Now;
        site.A.App.Thaw();

        // keepalived counts Hold, and could count no more than that with the script, which passes again.
        await SharedSite.Standing(site.A, "Backup", "Hold");
        await site.A.App.StatusAsync(static status => SharedSite.Active(status) == "node-b" && SharedSite.Sees(status, "peer: node-b is master ready"));
        await client.AnswerAsync(site.B, VirtualSite.Now);
        AddressReport report = await client.ReportAsync(thawed, VirtualSite.Now);
        Assert.True(report is { Moves: [], Failed: [] } && !report.Answers.ContainsKey("node-a"), $"the address moved: {string.Join(", ", report.Moves)}; answers: {string.Join(", ", report.Answers)}; failed: {string.Join(", ", report.Failed.Take(3))}\n{site.Told()}");
        await SharedSite.Standing(site.A, "Backup", "Hold");
    }
}
