using Failover.Engine;

namespace Failover.Tests.Engine;

public class WakeTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    [Fact]
    public void A_drain_ends_on_time_even_if_another_event_comes_before_the_timer()
    {
        Story group = Given.Settled("a", "b");
        group = group.Feed(new Drained(Given.Member("b"), group.Now + TimeSpan.FromMilliseconds(500)), group.Now);

        group = group.Feed(new PinChanged(false), group.Now + TimeSpan.FromMilliseconds(600));

        Assert.False(group["b"].IsDrained);
    }

    [Fact]
    public void A_group_whose_probes_were_all_left_behind_is_woken_even_if_another_event_comes_before_the_timer()
    {
        Story group = Given.Settled("a").Then(Probe.Answers("a", ProbeResult.Timeout("late"), stillRunning: true));

        group = group.Feed(new PinChanged(false), group["a"].NextProbe + Moment);

        Assert.InRange(group.State.WakeAt - group.Now, Moment, TimeSpan.FromSeconds(1.1));
    }

    [Fact]
    public void A_request_is_answered_after_what_was_due_before_it()
    {
        Story group = Given.Settled(Given.Priority with { Fall = 2 }, "a", "b").Then(Probe.Answers("b", ProbeResult.Timeout("late"), stillRunning: true));
        group = group.AtOnce(Calls.Succeed("b"));
        Assert.Equal(Verdict.Healthy, group["b"].Verdict);
        group = group.AtOnce(Probe.Failed("a")).Forget();

        // The process stood still, and two probes' time has passed without an answer.
        group = group.Feed(Tick.Instance, group["b"].NextProbe);
        group = group.Feed(new SwitchRequested(1, Given.Member("b")), group["b"].NextProbe + Moment);

        Assert.NotNull(group.State.LastRequest?.Refusal);
        Assert.Equal("a", group.Active?.Name);
    }

    [Fact]
    public void Events_do_not_put_off_the_next_reading_of_calls_that_wait()
    {
        Story group = Given.Settled("a").AtOnce(Calls.Wait("a", 1, TimeSpan.FromSeconds(1)));
        TimeSpan due = group.State.WakeAt;
        Assert.Equal(group.Now + group.State.Settings.HangAges.Pace, due);

        group = group.Feed(new PinChanged(false), due - Moment);

        Assert.Equal(due, group.State.WakeAt);
    }

    [Fact]
    public void Once_the_start_timeout_is_over_the_best_member_that_has_answered_is_taken_at_once()
    {
        Story group = Given.Born(Given.Priority with { StartTimeout = TimeSpan.FromSeconds(3) }, "a", "b").Then(Probe.Succeeded("b"));
        Assert.Null(group.Active);

        group = group.Feed(Tick.Instance, TimeSpan.FromSeconds(3));

        Assert.Equal("b", group.Active?.Name);
        Assert.Equal(GroupCondition.Settled, group.State.Condition);
    }
}
