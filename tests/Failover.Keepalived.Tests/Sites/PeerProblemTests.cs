namespace Failover.Keepalived.Tests.Sites;

/// <summary>Two nodes that do not agree, or of which one is not heard.</summary>
public sealed class PeerProblemTests
{
    [LinuxFact]
    public async Task A_peer_whose_priority_or_address_is_another_is_told_of_until_it_is_the_same()
    {
        await using RunningSite site = new("192.0.2.1");
        site.Keepalived.Write("BACKUP 50");
        site.Peers.Say("backup ready 40 192.0.2.1");
        await site.CountsAsync("BACKUP", Credit.Ready);
        await site.ProblemAsync(null);

        site.Peers.Say("backup ready 45 192.0.2.1");
        await site.ProblemAsync("node-b says that its Priority is 45, and PeerPriority is 40 here");
        site.Peers.Say("backup ready 40 192.0.2.2");
        await site.ProblemAsync("node-b says that the address is 192.0.2.2, and Address is 192.0.2.1 here");
        site.Peers.Say("backup ready 40 nonsense");
        await site.ProblemAsync("node-b says that the address is nonsense, and Address is 192.0.2.1 here");
        site.Peers.Say("backup ready 40 192.0.2.1");
        await site.ProblemAsync(null);
    }

    [LinuxFact]
    public async Task An_address_that_is_written_in_another_way_is_the_same()
    {
        await using RunningSite site = new("fd77::64");
        site.Keepalived.Write("BACKUP 50");
        site.Peers.Say("backup ready 40 fd77::65");
        await site.CountsAsync("BACKUP", Credit.Ready);
        await site.ProblemAsync("node-b says that the address is fd77::65");

        site.Peers.Say("backup ready 40 fd77:0::64");

        await site.ProblemAsync(null);
        Assert.Contains("peer: node-b is backup ready", site.Run.Snapshot.Detectors);
    }

    [LinuxFact]
    public async Task A_peer_that_was_not_heard_by_half_a_minute_is_told_of_and_one_that_was_heard_once_is_not()
    {
        await using RunningSite unheard = new("192.0.2.1");
        await using RunningSite heard = new("192.0.2.1");
        heard.Peers.Say("backup ready 40 192.0.2.1");
        foreach (RunningSite site in new[] { unheard, heard })
        {
            site.Keepalived.Write("BACKUP 50");
            await site.CountsAsync("BACKUP", site == heard ? Credit.Ready : Credit.Unproven);
            site.Time.Advance(TimeSpan.FromSeconds(2));
            await site.CountsAsync("BACKUP", Credit.Ready);
            site.Peers.Say(null);
            await site.ProblemAsync(null);
            site.Time.Advance(TimeSpan.FromSeconds(30));
        }

        await unheard.ProblemAsync("node-b was not heard in the first 30 s: see Failover:Peers");
        await heard.ProblemAsync(null);
    }
}
