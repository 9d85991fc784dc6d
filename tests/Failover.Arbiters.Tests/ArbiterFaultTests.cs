using Failover.TestServers.Contending;
using Failover.TestServers.Servers;

namespace Failover.Arbiters.Tests;

/// <summary>What happens to the arbiter: a real etcd of three, each on a host of its own.</summary>
public sealed class ArbiterFaultTests(Site site) : IClassFixture<Site>
{
    [SiteFact]
    public async Task While_the_leader_of_etcd_is_cut_off_one_acts_at_a_time_and_somebody_does()
    {
        await using Contest contest = await site.ContestAsync();
        int leader = await site.LeaderAsync();
        await site.HostOf(leader).CutOffAsync();
        TimeSpan cut = contest.On.Now;

        await contest.On.ActsAfterAsync(cut + (2 * Site.Duration), 1);
        await site.HostOf(leader).JoinAsync();
        TimeSpan joined = contest.On.Now;
        await contest.On.ActsAfterAsync(joined + Site.Duration, 1);

        contest.AssertOneAtATime();
    }

    [SiteFact]
    public async Task While_etcd_is_away_nobody_takes_over_the_holder_stops_and_it_goes_on_by_itself_when_etcd_is_back()
    {
        await using Contest contest = await site.ContestAsync();
        TimeSpan frozen = contest.On.Now;
        Array.ForEach(site.Etcd, static member => member.Freeze());

        await Contest.SaysAsync(contest.First, "its time ran out");
        await Contest.SaysAsync(contest.Contenders[1], "Nobody here can become the primary");
        TimeSpan stopped = contest.On.Acts[^1].At;
        Assert.All(contest.On.Acts.Where(act => act.At > frozen), act => Assert.Equal(contest.First.Holder, act.Holder));
        Array.ForEach(site.Etcd, static member => member.Thaw());

        await contest.On.ActsAfterAsync(stopped, 3);
        contest.AssertOneAtATime();
    }

    [SiteFact]
    public async Task After_etcd_was_killed_and_started_with_its_data_tokens_go_on()
    {
        await using Contest contest = await site.ContestAsync();
        await KillAllAsync();
        TimeSpan killed = contest.On.Now;
        await Task.WhenAll(site.Etcd.Select(static member => member.StartAgainAsync()));

        await contest.On.ActsAfterAsync(killed + Site.Duration, 3);
        Assert.All(contest.On.Acts, static act => Assert.True(act.IsApplied));
        contest.AssertOneAtATime();
    }

    [SiteFact]
    public async Task After_etcd_was_rebuilt_without_its_data_nobody_begins_before_the_former_holder_has_stopped()
    {
        await using Contest contest = await site.ContestAsync();
        await KillAllAsync();
        Array.ForEach(site.Etcd, static member => member.LoseData());
        TimeSpan killed = contest.On.Now;
        await Task.WhenAll(site.Etcd.Select(static member => member.StartAgainAsync()));

        await contest.On.ActsAfterAsync(killed + (2 * Site.Duration), 3);

        // A new lineage: its tokens begin anew, and what compares them refuses them until somebody trusts it.
        Assert.True(contest.On.LongestOverlap <= TimeSpan.Zero);
        Assert.Equal(2, contest.On.Acts.Select(static act => act.Lineage).Distinct().Count());
        Assert.All(contest.On.Acts, act => Assert.Equal(act.Lineage == contest.On.Acts[0].Lineage, act.IsApplied));
        contest.On.Trust(contest.On.Acts[^1].Lineage);
        TimeSpan trusted = contest.On.Now;
        Assert.All(await contest.On.ActsAfterAsync(trusted, 3), static act => Assert.True(act.IsApplied));
    }

    private Task KillAllAsync() => Task.WhenAll(site.Etcd.Select(static member => member.KillAsync()));
}
