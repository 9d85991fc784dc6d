using System.Text.Json;
using Failover.TestServers.Virtual;

namespace Failover.Keepalived.Tests.Real;

/// <summary>keepalived that does not listen, or is not there: told, and never taken for success.</summary>
[Collection(nameof(OnSite))]
public sealed class TroubleTests(SharedSite shared)
{
    [SiteFact]
    public async Task A_directory_that_was_not_there_when_keepalived_started_is_told_and_the_peer_does_not_take_the_node_for_ready()
    {
        VirtualSite site = await shared.EmptyAsync();
        await site.A.Keepalived.StopAsync();
        site.A.RemoveRunFolder();
        await site.A.StartKeepalivedAsync();
        await site.A.RestoreRunFolderAsync();

        await site.B.StartAppAsync();
        await site.A.StartAppAsync();

        await NotCountedAsync(site.A, "is missing: keepalived does not run, or its vrrp_notify_fifo is another");
        await site.B.App!.StatusAsync(static status => !SharedSite.Sees(status, "peer: node-a is master") && !SharedSite.Sees(status, "peer: node-a is not heard"));
        await Assert.ThrowsAsync<MoveRefusedException>(() => site.B.App!.MoveToAsync(site.A));

        await site.A.Keepalived.StopAsync();
        await site.A.StartKeepalivedAsync();
        await StandsBackAsync(site);
    }

    [SiteFact]
    public async Task An_app_that_writes_to_another_file_than_keepalived_tracks_is_told_so_until_it_is_the_same()
    {
        VirtualSite site = await shared.EmptyAsync();

        await site.A.StartAppAsync(new VirtualAppOptions { Settings = new Dictionary<string, string> { ["Failover:Groups:site:CreditFile"] = $"{site.A.RunFolder}/credits" } });

        await NotCountedAsync(site.A, "did not acknowledge within 1 s");
        await site.A.App!.StatusAsync(static status => status.GetProperty("verdicts") is var health && !health.GetProperty("operational").GetBoolean() && health.GetProperty("canServe").GetBoolean());
    }

    [FullSiteFact]
    public async Task A_priority_that_is_not_that_of_keepalived_is_told()
    {
        VirtualSite site = await shared.EmptyAsync();

        await site.A.StartAppAsync(new VirtualAppOptions { Settings = new Dictionary<string, string> { ["Failover:Groups:site:Priority"] = "45" } });

        await NotCountedAsync(site.A, "where Priority is 45: Priority is not that of its configuration");
    }

    [FullSiteFact]
    public async Task Somebody_else_who_reads_the_FIFO_is_told()
    {
        VirtualSite site = await shared.EmptyAsync();
        await using FileStream other = new(site.A.Fifo, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        using CancellationTokenSource end = new();
        Task reading = Task.Run(async () =>
        {
            byte[] buffer = new byte[4096];
            while (!end.IsCancellationRequested && await other.ReadAsync(buffer) > 0)
            {
            }
        });

        // Which of the two gets a line is chance: keepalived is made to say something until the app misses what it waits for.
        await site.A.StartAppAsync();
        Task<JsonElement> missed = NotCountedAsync(site.A, "somebody else reads");
        for (bool isHealthy = false; !missed.IsCompleted; isHealthy = !isHealthy)
        {
            await site.A.App!.SetLocalAsync(isHealthy);
            await site.A.App.StatusAsync(status => missed.IsCompleted || (SharedSite.Of(status, "credit") == "Ready" == isHealthy && status.GetProperty("site").GetProperty("isAcknowledged").ValueKind != JsonValueKind.Null));
        }

        await missed;

        await end.CancelAsync();
        await site.A.Keepalived.StopAsync();
        await reading;
    }

    [SiteFact]
    public async Task A_directory_that_is_removed_while_all_is_well_is_told_and_a_new_keepalived_counts_again()
    {
        VirtualSite site = await shared.ReadyAsync();

        site.A.RemoveRunFolder();
        await NotCountedAsync(site.A, "is not there");
        await site.A.RestoreRunFolderAsync();
        await NotCountedAsync(site.A, "");

        await site.A.Keepalived.StopAsync();
        await site.A.StartKeepalivedAsync();
        await StandsBackAsync(site);
    }

    [SiteFact]
    public async Task A_keepalived_that_ends_is_told_and_one_that_starts_again_or_reads_its_configuration_again_gets_the_credit_anew()
    {
        VirtualSite site = await shared.ReadyAsync();

        site.A.Keepalived.Reload();
        await site.A.App!.StatusAsync(_ => site.A.App.Log.Contains("open (time 2)", StringComparison.Ordinal));
        await SharedSite.Standing(site.A, "Master", "Ready");

        await site.A.Keepalived.StopAsync();
        await site.A.App.StatusAsync(static status => SharedSite.Of(status, "standing") == "DaemonLost");
        await SharedSite.Standing(site.B, "Master", "Ready");
        await site.A.StartKeepalivedAsync();
        await StandsBackAsync(site);

        await site.A.Keepalived.KillChildAsync();
        await StandsBackAsync(site);
    }

    [SiteFact]
    public async Task A_keepalived_whose_parent_is_killed_gives_the_address_up_and_one_that_is_frozen_loses_it_and_yields_when_it_goes_on()
    {
        VirtualSite site = await shared.ReadyAsync();
        await using AddressClient client = await AddressClient.StartAsync(site);
        TimeSpan from = VirtualSite.Now;

        await site.A.Keepalived.KillParentAsync();
        await client.AnswerAsync(site.B, from);
        await SharedSite.Standing(site.B, "Master", "Ready");
        await site.A.App!.StatusAsync(static status => SharedSite.Of(status, "standing") == "DaemonLost");
        Assert.Equal((false, true), (site.A.OwnsAddress, site.B.OwnsAddress));
        await site.A.StartKeepalivedAsync();
        await StandsBackAsync(site);

        // The frozen one has the address still, and says nothing.
        TimeSpan frozen = VirtualSite.Now;
        site.B.Keepalived.FreezeChild();
        await client.AnswerAsync(site.A, frozen);
        await SharedSite.BothAsync(site);
        site.B.Keepalived.ThawChild();
        await SharedSite.Standing(site.A, "Master", "Ready");
        await SharedSite.Standing(site.B, "Backup", "Ready");
        await site.SettledAsync(site.A);

        AddressReport report = await client.ReportAsync(from, VirtualSite.Now);
        Assert.Equal((2, 0), (report.Moves.Count, report.FailedWithoutMove(isFault: true).Count));
    }

    [SiteFact]
    public async Task An_address_that_a_killed_keepalived_leaves_is_told_as_stranded_and_both_nodes_say_what_they_see()
    {
        VirtualSite site = await shared.ReadyAsync();

        await site.A.Keepalived.KillAsync();

        Assert.True(site.A.OwnsAddress);
        await site.A.App!.StatusAsync(static status => SharedSite.Of(status, "standing") == "StrandedAddress" && !status.GetProperty("verdicts").GetProperty("operational").GetBoolean());
        await SharedSite.Standing(site.B, "Master", "Ready");
        await site.A.RemoveAddressAsync();
        await site.A.App.StatusAsync(static status => SharedSite.Of(status, "standing") == "DaemonLost");
    }

    [FullSiteFact]
    public async Task An_address_that_somebody_adds_by_hand_is_told_as_stranded_until_it_is_gone_and_moves_nothing()
    {
        VirtualSite site = await shared.ReadyAsync();

        // In the first second keepalived's last word may be of before, and the address that is there decides.
        await MoveAsync(site, site.B);
        await MoveAsync(site, site.A);
        string[] moves = SharedSite.Moves(await site.B.App!.StatusAsync());

        await site.B.AddAddressAsync();
        await site.B.App.StatusAsync(static status => SharedSite.Of(status, "standing") == "StrandedAddress" && !status.GetProperty("verdicts").GetProperty("operational").GetBoolean());
        await SharedSite.Standing(site.A, "Master", "Ready");

        await site.B.RemoveAddressAsync();
        await SharedSite.Standing(site.B, "Backup", "Ready");
        await site.SettledAsync(site.A);
        Assert.Equal(moves, SharedSite.Moves(await site.B.App.StatusAsync()));
    }

    [FullSiteFact]
    public async Task Whatever_starts_first_one_node_has_the_address_and_both_say_which()
    {
        VirtualSite site = await shared.EmptyAsync();
        (VirtualNode a, VirtualNode b) = (site.A, site.B);
        Func<Task>[] all = [a.StartKeepalivedAsync, b.StartKeepalivedAsync, () => a.StartAppAsync(), () => b.StartAppAsync()];
        foreach (int[] order in new int[][] { [0, 1, 2, 3], [2, 3, 0, 1], [1, 3, 0, 2], [3, 1, 2, 0], [0, 2, 1, 3], [2, 1, 3, 0] })
        {
            foreach (VirtualNode node in site.Nodes)
            {
                await node.EndAppAsync();
                await node.Keepalived.StopAsync();
            }

            foreach (int part in order)
            {
                await all[part]();
            }

            VirtualNode holder = await site.SettledAsync();
            Assert.All(site.Nodes, node => Assert.DoesNotContain("Two nodes hold", node.App!.Log, StringComparison.Ordinal));
            Assert.True(holder.OwnsAddress);
        }
    }

    [FullSiteFact]
    public async Task An_interface_that_goes_down_or_whose_cable_is_pulled_at_the_switch_moves_the_address_and_one_that_comes_back_brings_none()
    {
        VirtualSite site = await shared.ReadyAsync();
        foreach ((Func<Task> fail, Func<Task> mend) in new (Func<Task>, Func<Task>)[] { (site.A.LinkDownAsync, site.A.LinkUpAsync), (site.A.UnplugAsync, site.A.PlugAsync) })
        {
            await fail();
            await SharedSite.Standing(site.B, "Master", "Ready");
            await site.A.App!.StatusAsync(static status => SharedSite.Of(status, "standing") == "Fault" && SharedSite.Sees(status, "peer: node-b is master ready"));

            await mend();
            await StandsBackAsync(site);
            await MoveAsync(site, site.A);
        }
    }

    [SiteFact]
    public async Task A_node_that_dies_in_silence_is_followed_and_is_told_as_a_failover()
    {
        VirtualSite site = await shared.ReadyAsync();
        await using AddressClient client = await AddressClient.StartAsync(site);
        TimeSpan from = VirtualSite.Now;

        await site.A.DieAsync();

        await client.AnswerAsync(site.B, from);
        await SharedSite.Standing(site.B, "Master", "Ready");
        await site.B.App!.StatusAsync(static status => SharedSite.Active(status) == "node-b" && SharedSite.Moves(status) is [.., "Failover node-a node-b Completed"]);

        // It never knew: it has held the address all the time, and has the higher priority.
        await site.A.ReviveAsync();
        await site.HeldByAsync(site.A);
    }

    /// <summary>A, which is the preferred one, is well again, and B has the address still.</summary>
    private static async Task StandsBackAsync(VirtualSite site)
    {
        await SharedSite.Standing(site.A, "Backup", "Hold");
        await SharedSite.Standing(site.B, "Master", "Ready");
        Assert.Equal((false, true), (site.A.OwnsAddress, site.B.OwnsAddress));
    }

    private static async Task MoveAsync(VirtualSite site, VirtualNode to)
    {
        await site.SettledAsync();
        await site.A.App!.MoveToAsync(to);
        await site.SettledAsync(to);
    }

    private static Task<JsonElement> NotCountedAsync(VirtualNode node, string problem) => node.App!.StatusAsync(status =>
        status.GetProperty("site").GetProperty("isAcknowledged").ValueKind == JsonValueKind.False && SharedSite.Of(status, "problem")!.Contains(problem, StringComparison.Ordinal));
}
