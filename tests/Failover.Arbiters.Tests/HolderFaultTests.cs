using Failover.TestServers.Contending;

namespace Failover.Arbiters.Tests;

/// <summary>What happens to the holder, with real processes on hosts of their own, under a real etcd of three.</summary>
public sealed class HolderFaultTests(Site site) : IClassFixture<Site>
{
    [SiteFact]
    public async Task A_holder_that_is_killed_is_followed_by_another_under_a_higher_token()
    {
        await using Contest contest = await site.ContestAsync(3);
        TimeSpan killed = contest.On.Now;
        await contest.First.KillAsync();

        Act next = await contest.NextAsync(killed);

        Assert.True(next.Token > contest.On.Acts[0].Token);
        contest.AssertOneAtATime();
    }

    [SiteFact]
    public async Task A_holder_that_is_asked_to_stop_hands_over_and_does_nothing_afterwards()
    {
        await using Contest contest = await site.ContestAsync();
        TimeSpan asked = contest.On.Now;
        contest.First.Terminate();

        Act next = await contest.NextAsync(asked);
        await contest.First.EndAsync();

        Assert.True(next.Token > contest.On.Acts[0].Token);
        Assert.Contains(contest.First.Output, static line => line.Contains("is given back", StringComparison.Ordinal));
        Assert.DoesNotContain(contest.First.Output, static line => line.Contains("is over", StringComparison.Ordinal));
        contest.AssertOneAtATime();
    }

    [SiteFact]
    public async Task A_holder_that_was_frozen_for_longer_than_its_lease_does_nothing_when_it_wakes_up()
    {
        await using Contest contest = await site.ContestAsync();
        for (int i = 0; i < 2; i++)
        {
            TimeSpan frozen = contest.On.Now;
            contest.First.Freeze();
            Act next = await contest.NextAsync(frozen);
            await contest.On.ActsAfterAsync(next.At, 100);
            TimeSpan woken = contest.On.Now;
            contest.First.Thaw();
            await contest.On.ActsAfterAsync(woken, 100);

            Assert.All(contest.On.Acts.Where(act => act.At > woken && act.IsApplied), act => Assert.Equal(next.Token, act.Token));

            // And back, so that it is the holder again.
            TimeSpan back = contest.On.Now;
            ContenderProcess other = contest.Contenders[1];
            other.Freeze();
            await contest.On.NextHolderAsync(other.Holder, back);
            other.Thaw();
        }

        contest.AssertOneAtATime(frozen: 4);
    }

    [SiteFact]
    public async Task A_holder_that_is_cut_off_stops_by_its_own_clock_before_another_begins()
    {
        await using Contest contest = await site.ContestAsync();
        TimeSpan cut = contest.On.Now;
        await contest.First.Host!.CutOffAsync();

        Act next = await contest.NextAsync(cut);
        await contest.On.ActsAfterAsync(next.At, 50);
        Assert.Contains(contest.First.Output, static line => line.Contains("its time ran out", StringComparison.Ordinal));
        TimeSpan joined = contest.On.Now;
        await contest.First.Host.JoinAsync();
        await contest.On.ActsAfterAsync(joined, 50);

        Assert.All(contest.On.Acts.Where(act => act.At > next.At), act => Assert.Equal(next.Token, act.Token));
        contest.AssertOneAtATime();
    }

    [SiteFact("faketime")]
    public async Task A_wall_clock_that_jumps_forward_costs_the_lease_and_one_that_jumps_back_nothing()
    {
        string offset = Path.GetTempFileName();
        await File.WriteAllTextAsync(offset, "+0");
        await using Contest contest = await site.ContestAsync(2, FakeTime.Reading(offset));
        long first = contest.On.Acts[0].Token;

        await File.WriteAllTextAsync(offset, "-3600");
        TimeSpan back = contest.On.Now;
        await contest.On.ActsAfterAsync(back + (2 * Site.Duration), 1);
        Assert.All(contest.On.Acts, act => Assert.Equal(first, act.Token));

        await File.WriteAllTextAsync(offset, "+3600");
        TimeSpan forward = contest.On.Now;
        await contest.On.ActsAfterAsync(forward + Site.Duration, 1);

        Assert.NotEqual(first, contest.On.Acts[^1].Token);
        contest.AssertOneAtATime();
        File.Delete(offset);
    }
}
