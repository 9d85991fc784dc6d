using Failover.Keepalived.SplitBrain;

namespace Failover.Keepalived.Tests.SplitBrain;

public sealed class LookoutTests
{
    private static readonly Sight Answer = new(IsAdvert: false, "02:00:00:00:00:0b", TimeSpan.Zero);
    private static readonly Sight Advert = new(IsAdvert: true, "10.77.0.2", TimeSpan.FromMilliseconds(200));

    // It came here at 10 s, and has long settled at 20 s.
    private static readonly Lookout Held = new Lookout().Hold(true, Ms(10_000));

    [Fact]
    public void Nothing_is_sent_and_nothing_heard_counts_while_the_address_is_elsewhere()
    {
        Lookout lookout = new Lookout().See(Answer, Ms(0)).See(Answer, Ms(300));
        Assert.Equal((lookout, LookoutAct.None), lookout.At(Ms(10_000)));
        Assert.Null(lookout.Wakes());
        Assert.False(lookout.SeesAnother);
    }

    [Fact]
    public void The_network_is_asked_at_once_and_then_each_half_second()
    {
        Assert.Equal(Ms(10_000), Held.Wakes());
        Assert.Equal([Ms(10_000), Ms(10_500), Ms(11_000), Ms(11_500)], Run(Held, untilMs: 11_900).Where(static its => its.Act == LookoutAct.Probe).Select(static its => its.At));
    }

    [Fact]
    public void To_hold_again_what_is_held_changes_nothing() => Assert.Equal(Held, Held.Hold(true, Ms(15_000)));

    [Fact]
    public void One_sight_is_no_proof_and_is_looked_at_again_sooner()
    {
        Lookout lookout = Held.At(Ms(10_000)).Next.See(Answer, Ms(10_001));
        Assert.False(lookout.SeesAnother);
        Assert.Equal(Ms(10_301), lookout.Wakes());
    }

    [Theory]
    [InlineData(249, false)]
    [InlineData(250, true)]
    [InlineData(1_499, true)]
    [InlineData(1_500, false)]
    public void Two_sights_are_proof_if_they_are_apart_and_the_first_counts_still(int apart, bool isProof)
    {
        Assert.Equal(isProof, Held.See(Answer, Ms(20_000)).See(Answer, Ms(20_000 + apart)).SeesAnother);
        Assert.Equal(isProof, Held.See(Advert, Ms(20_000)).See(Advert, Ms(20_000 + apart)).SeesAnother);
    }

    [Fact]
    public void A_burst_is_no_proof_and_one_sight_of_each_kind_is_none()
    {
        Assert.False(Enumerable.Range(0, 25).Aggregate(Held, static (lookout, i) => lookout.See(Advert, Ms(20_000 + (10 * i)))).SeesAnother);
        Assert.False(Held.See(Advert, Ms(20_000)).See(Answer, Ms(20_400)).SeesAnother);
    }

    [Fact]
    public void Another_holder_is_seen_until_nothing_was_heard_of_it_for_a_second_and_a_half()
    {
        Lookout lookout = Held.See(Answer, Ms(20_000)).See(Answer, Ms(20_500)).At(Ms(20_500)).Next;
        Assert.True(lookout.At(Ms(21_999)).Next.SeesAnother);
        Assert.False(lookout.At(Ms(22_000)).Next.SeesAnother);
    }

    [Fact]
    public void Adverts_that_come_seldom_count_for_longer()
    {
        Sight seldom = Advert with { Interval = TimeSpan.FromSeconds(4) };
        Lookout lookout = Held.See(seldom, Ms(20_000)).See(seldom, Ms(24_000));
        Assert.True(lookout.At(Ms(35_999)).Next.SeesAnother);
        Assert.False(lookout.At(Ms(36_000)).Next.SeesAnother);
    }

    [Fact]
    public void After_another_holder_has_gone_the_address_is_announced_three_times_a_second_apart()
    {
        Lookout lookout = Held.See(Advert, Ms(20_000)).See(Advert, Ms(20_400));
        Assert.Equal(
            [(Ms(21_900), LookoutAct.Announce | LookoutAct.TellGone), (Ms(22_900), LookoutAct.Announce), (Ms(23_900), LookoutAct.Announce)],
            Announced(lookout, untilMs: 40_000));
    }

    [Fact]
    public void After_another_holder_whom_only_others_knew_of_the_address_is_announced_too_once_nobody_is_seen()
    {
        Lookout alone = Held.At(Ms(20_000)).Next.Suspect("node-b");
        Assert.Equal(LookoutAct.Announce | LookoutAct.TellGone, alone.At(Ms(20_001)).Act);
        Assert.Equal(3, Announced(alone, untilMs: 40_000).Count);
        Assert.Equal(Ms(21_900), Announced(Held.See(Advert, Ms(20_000)).See(Advert, Ms(20_400)).Suspect("node-b"), untilMs: 40_000)[0].At);
        Assert.Equal(default, new Lookout().Suspect("node-b"));
    }

    [Fact]
    public void Both_kinds_of_sights_must_have_ended_before_the_address_is_announced()
    {
        Lookout lookout = Held.See(Advert, Ms(20_000)).See(Advert, Ms(20_400)).See(Answer, Ms(21_000));
        Assert.Equal(Ms(22_500), Announced(lookout, untilMs: 40_000)[0].At);
    }

    [Fact]
    public void A_holder_that_is_seen_again_ends_the_announcements()
    {
        Lookout lookout = Run(Held.See(Advert, Ms(20_000)).See(Advert, Ms(20_400)), untilMs: 22_000)[^1].Next.See(Advert, Ms(22_000));
        Assert.Equal(Ms(23_500), Announced(lookout, untilMs: 40_000)[0].At);
    }

    [Fact]
    public void The_address_is_not_announced_after_it_has_left()
    {
        Lookout lookout = Held.See(Advert, Ms(20_000)).See(Advert, Ms(20_400)).Hold(false, Ms(20_500));
        Assert.False(lookout.SeesAnother);
        Assert.Equal(default, lookout);
    }

    [Fact]
    public void A_last_word_of_the_one_that_had_it_before_leads_to_nothing()
    {
        Assert.Empty(Announced(Held.See(Advert, Ms(10_002)).See(Answer, Ms(10_004)), untilMs: 20_000));
    }

    [Fact]
    public void One_that_is_heard_once_later_has_yielded_and_may_have_taken_clients_along()
    {
        Lookout lookout = Held.See(Advert, Ms(20_000));
        Assert.False(lookout.SeesAnother);
        Assert.Equal([Ms(21_500), Ms(22_500), Ms(23_500)], Announced(lookout, untilMs: 30_000).Select(static its => its.At));
    }

    [Fact]
    public void It_wakes_for_everything_that_is_due()
    {
        Lookout lookout = Held.See(Answer, Ms(20_000)).See(Answer, Ms(20_400));
        Assert.All(Run(lookout, untilMs: 60_000), static its => Assert.True(its.Next.Wakes() > its.At));
    }

    private static TimeSpan Ms(int ms) => TimeSpan.FromMilliseconds(ms);

    private static List<(TimeSpan At, LookoutAct Act)> Announced(Lookout lookout, int untilMs) =>
        [.. Run(lookout, untilMs).Select(static its => (its.At, Act: its.Act & ~LookoutAct.Probe)).Where(static its => its.Act != LookoutAct.None)];

    /// <summary>What it does when it is woken each time that it asks for.</summary>
    private static List<(TimeSpan At, LookoutAct Act, Lookout Next)> Run(Lookout lookout, int untilMs)
    {
        List<(TimeSpan, LookoutAct, Lookout)> run = [];
        TimeSpan now = TimeSpan.Zero;
        while (lookout.Wakes() is { } wakes && wakes <= Ms(untilMs))
        {
            now = wakes > now ? wakes : now;
            (lookout, LookoutAct act) = lookout.At(now);
            run.Add((now, act, lookout));
        }

        return run;
    }
}
