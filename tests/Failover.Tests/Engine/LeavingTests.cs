using Failover.Engine;

namespace Failover.Tests.Engine;

/// <summary>What a member says of its own leaving: to calls and to probes, for a time, and by a 503 with a time.</summary>
public class LeavingTests
{
    private static readonly TimeSpan Twenty = TimeSpan.FromSeconds(20);
    private static readonly ProbeResult Busy = ProbeResult.Failure("status 503") with { DrainFor = Twenty };

    [Fact]
    public void A_member_that_tells_a_call_that_it_is_leaving_is_left_at_once_without_a_failure()
    {
        Story group = Given.Settled("a", "b").AtOnce(Calls.Leaving("a", Twenty));

        Assert.Equal(("b", GroupCondition.Settled), (group.Active?.Name, group.State.Condition));
        Switchover told = group.Published.First();
        Assert.Equal((SwitchoverCause.Drain, "told a call that it is leaving", null), (told.Cause, told.Evidence, told.FirstFailure));
        Assert.Equal((Verdict.Healthy, 0), (group["a"].Verdict, group["a"].Against));
        Assert.Equal(["b", "a"], group.State.Route.Select(m => m.Name));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(60, 60)]
    [InlineData(61, 60)]
    [InlineData(1_000_000_000, 60)]
    public void It_is_left_for_as_long_as_it_says_and_for_a_minute_at_most(int asked, int left)
    {
        TimeSpan time = TimeSpan.FromSeconds(asked);
        Story settled = Given.Settled("a", "b");

        Story byCall = settled.AtOnce(Calls.Leaving("a", time));
        Assert.Equal(byCall.Now + TimeSpan.FromSeconds(left), byCall["a"].DrainedUntil);

        Story byProbe = settled.Then(Probe.Answers("a", ProbeResult.Draining("says that it is leaving", time)));
        Assert.Equal(byProbe.Now + TimeSpan.FromSeconds(left), byProbe["a"].DrainedUntil);
    }

    [Fact]
    public void One_that_does_not_say_for_how_long_is_left_for_a_minute()
    {
        Story group = Given.Settled("a", "b").Then(Probe.Answers("a", ProbeResult.Draining("says that it is leaving")));

        Assert.Equal(group.Now + TimeSpan.FromSeconds(60), group["a"].DrainedUntil);
    }

    [Fact]
    public void Said_again_the_later_end_counts()
    {
        Story group = Given.Settled("a", "b").AtOnce(Calls.Leaving("a", Twenty));
        TimeSpan? until = group["a"].DrainedUntil;

        Assert.Equal(until, group.Then(Calls.Leaving("a", TimeSpan.FromSeconds(1)))["a"].DrainedUntil);
        Assert.Equal(until + TimeSpan.FromSeconds(1), group.Then(Calls.Leaving("a", Twenty))["a"].DrainedUntil);
        Assert.Equal(until + TimeSpan.FromSeconds(11), group.Then(Calls.Leaving("a", TimeSpan.FromSeconds(30)))["a"].DrainedUntil);
    }

    [Fact]
    public void A_probe_that_it_answers_well_without_the_word_ends_nothing_where_only_calls_were_told()
    {
        Story group = Given.Settled("a", "b").AtOnce(Calls.Leaving("a", Twenty)).Then(Probe.Succeeded("a"), Probe.Succeeded("a"));
        Assert.True(group["a"].IsDrained);

        group = group.Pass(Twenty, _ => ProbeResult.Success());

        Assert.False(group["a"].IsDrained);
        Assert.Null(group["a"].Evidence);
        Assert.Equal("b", group.Active?.Name);
    }

    [Fact]
    public void A_probe_that_was_sent_before_the_word_ends_nothing()
    {
        Story group = Given.Settled("a", "b");
        group = group.Feed(Tick.Instance, group["a"].NextProbe);
        Assert.True(group["a"].Probing);

        group = group.AtOnce(Calls.Leaving("a", Twenty), Probe.Succeeded("a"));

        Assert.True(group["a"].IsDrained);
    }

    [Fact]
    public void Where_a_probe_was_told_too_one_that_it_answers_well_without_the_word_ends_the_drain()
    {
        Story group = Given.Settled("a", "b")
            .AtOnce(Calls.Leaving("a", Twenty))
            .Then(Probe.Answers("a", ProbeResult.Draining("says that it is leaving", Twenty)));
        Assert.True(group["a"].IsDrained);

        group = group.AtOnce(Calls.Leaving("a", Twenty)).Then(Probe.Succeeded("a"));

        Assert.False(group["a"].IsDrained);
    }

    [Fact]
    public void A_member_that_was_gone_since_and_answers_again_is_another_process_which_is_not_leaving()
    {
        Story group = Given.Settled("a", "b").AtOnce(Calls.Leaving("a", Twenty)).Then(Probe.Failed("a"));
        Assert.True(group["a"].IsDrained);

        group = group.Then(Probe.Succeeded("a"));

        Assert.False(group["a"].IsDrained);
        Assert.Equal("b", group.Active?.Name);
    }

    [Fact]
    public void A_probe_without_an_answer_is_no_new_process()
    {
        Story group = Given.Settled("a", "b").AtOnce(Calls.Leaving("a", Twenty)).Then(Probe.Answers("a", ProbeResult.Timeout("no answer in time")), Probe.Succeeded("a"));

        Assert.True(group["a"].IsDrained);
    }

    [Fact]
    public void The_member_is_probed_soon_to_learn_whether_its_probe_is_told_as_well()
    {
        Story group = Given.Settled("a", "b").Then(Calls.Succeed("a"), Calls.Leaving("a", Twenty));

        Assert.Contains(group.Effects.OfType<Failover.Engine.Probe>(), probe => probe.Member.Name == "a");
    }

    [Fact]
    public void The_group_goes_back_after_the_hold_down()
    {
        Story group = Given.Settled("a", "b").Pass(TimeSpan.FromMinutes(5), _ => ProbeResult.Success()).AtOnce(Calls.Leaving("a", Twenty)).Forget();
        group = group.Pass(Twenty + TimeSpan.FromSeconds(29), _ => ProbeResult.Success());
        Assert.Equal("b", group.Active?.Name);

        group = group.Pass(TimeSpan.FromSeconds(10), _ => ProbeResult.Success());

        Assert.Equal("a", group.Active?.Name);
        Assert.Equal(SwitchoverCause.Switchback, group.Published.Last().Cause);
    }

    [Fact]
    public void A_group_whose_members_all_leave_keeps_serving()
    {
        Story group = Given.Settled("a", "b").AtOnce(Calls.Leaving("a", Twenty), Calls.Leaving("b", Twenty));

        Assert.Equal(("b", GroupCondition.Settled), (group.Active?.Name, group.State.Condition));
        Assert.Equal("b is drained, but no other member is healthy", group.State.Reason);
    }

    [Fact]
    public void A_pinned_group_stays_on_a_member_that_is_leaving()
    {
        Story group = Given.Settled("a", "b").AtOnce(Ask.Pin(), Calls.Leaving("a", Twenty));
        Assert.Equal("a", group.Active?.Name);

        Assert.Equal("b", group.AtOnce(Ask.Pin(false)).Active?.Name);
    }

    [Fact]
    public void What_people_say_of_a_drain_stands_above_what_the_member_says()
    {
        Story drained = Given.Settled("a", "b").AtOnce(Ask.Drain("a"), Calls.Leaving("a", Twenty));
        Assert.Equal(TimeSpan.MaxValue, drained["a"].DrainedUntil);
        Assert.True(drained.Then(Probe.Answers("a", ProbeResult.Draining("says that it is leaving")), Probe.Succeeded("a"))["a"].IsDrained);

        Story undrained = Given.Settled("a", "b").AtOnce(Calls.Leaving("a", Twenty), Ask.Undrain("a"));
        Assert.False(undrained["a"].IsDrained);
    }

    [Fact]
    public void A_call_that_is_put_off_brings_a_probe_at_once_and_one_only()
    {
        Story group = Given.Settled("a", "b").Then(Calls.Succeed("a"));
        for (int i = 0; i < 500; i++)
        {
            group = group.AtOnce(Calls.PutOff("a"));
        }

        Assert.Equal(1, ProbesOf(group, "a"));
        Assert.Equal("a", group.Active?.Name);
    }

    [Fact]
    public void Calls_that_are_put_off_again_and_again_by_a_member_whose_probes_are_well_bring_one_probe_a_second()
    {
        Story group = Given.Settled("a", "b").Then(Calls.Succeed("a"));
        TimeSpan start = group.Now;
        while (group.Now - start < TimeSpan.FromSeconds(10))
        {
            group = group.AtOnce(Calls.PutOff("a"), Calls.Succeed("a")).Pass(TimeSpan.FromMilliseconds(2), _ => ProbeResult.Success());
        }

        Assert.InRange(ProbesOf(group, "a"), 9, 11);
        Assert.Equal("a", group.Active?.Name);
        Assert.Empty(group.Published);
    }

    [Fact]
    public void A_member_that_puts_off_a_call_and_its_probe_is_left_at_once_for_as_long_as_it_said()
    {
        Story group = Given.Settled("a", "b").Then(Calls.PutOff("a")).AtOnce(Calls.Fail("a"), Probe.Answers("a", Busy));

        Assert.Equal("b", group.Active?.Name);
        Assert.Equal((SwitchoverCause.Drain, "status 503"), (group.Published.First().Cause, group.Published.First().Evidence));
        Assert.Equal(group.Now + Twenty, group["a"].DrainedUntil);
        Assert.Equal(Verdict.Suspect, group["a"].Verdict);
    }

    [Fact]
    public void A_probe_that_is_put_off_is_a_failure_like_others_where_no_call_was()
    {
        Story group = Given.Settled("a", "b").Then(Probe.Answers("a", Busy), Probe.Answers("a", Busy));
        Assert.Equal(("a", false), (group.Active?.Name, group["a"].IsDrained));

        group = group.Then(Probe.Answers("a", Busy));

        Assert.Equal(("b", SwitchoverCause.Failover), (group.Active?.Name, group.Published.First().Cause));
    }

    [Fact]
    public void A_call_that_is_put_off_is_an_ordinary_failure_where_the_probe_says_that_the_member_is_well()
    {
        Story group = Given.Settled("a", "b").Then(Calls.PutOff("a")).AtOnce(Calls.Fail("a"), Probe.Succeeded("a"));
        Assert.Equal(("a", Verdict.Healthy), (group.Active?.Name, group["a"].Verdict));

        // What the call was told has had its answer: a later probe that is put off is a failure like others.
        group = group.Then(Probe.Answers("a", Busy));

        Assert.Equal(("a", false), (group.Active?.Name, group["a"].IsDrained));
    }

    [Fact]
    public void A_503_without_a_time_to_the_probe_confirms_nothing()
    {
        Story group = Given.Settled("a", "b").Then(Calls.PutOff("a")).AtOnce(Probe.Answers("a", ProbeResult.Failure("status 503")));

        Assert.Equal(("a", false), (group.Active?.Name, group["a"].IsDrained));
    }

    [Fact]
    public void A_probe_that_was_under_way_when_the_call_was_put_off_may_have_seen_what_was_before_and_another_is_sent()
    {
        Story group = Given.Settled("a", "b");
        group = group.Feed(Tick.Instance, group["a"].NextProbe).AtOnce(Calls.PutOff("a"), Probe.Succeeded("a"));
        Assert.Equal(2, ProbesOf(group, "a"));

        group = group.AtOnce(Probe.Answers("a", Busy));

        Assert.Equal("b", group.Active?.Name);
    }

    [Fact]
    public void A_member_that_was_left_so_and_goes_on_saying_no_is_given_up_like_others()
    {
        Story group = Given.Settled("a", "b").Then(Calls.PutOff("a")).AtOnce(Probe.Answers("a", Busy)).Then(Probe.Answers("a", Busy), Probe.Answers("a", Busy));

        Assert.Equal(Verdict.Unhealthy, group["a"].Verdict);
    }

    private static int ProbesOf(Story group, string member) => group.Effects.OfType<Failover.Engine.Probe>().Count(probe => probe.Member.Name == member);
}
