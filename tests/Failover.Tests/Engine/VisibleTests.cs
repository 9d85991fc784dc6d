using Failover.Election;
using Failover.Engine;

namespace Failover.Tests.Engine;

public class VisibleTests
{
    private static readonly GroupSettings Late = Given.Switched with { VisibleWithin = TimeSpan.FromMinutes(5), SwitchbackMode = SwitchbackMode.Never };

    private static Happening Done(string shows) => story =>
        (story, new SwitchCompleted(story.State.Switch.Operation, SwitchOutcome.Applied, new SwitchReading(Given.Member(shows), "v"), null));

    private static Happening Seen(string member, bool isVisible = true) => Ask.Event(new VisibleCompleted(Given.Member(member), isVisible));

    private static Story Moved() => Given.Born(Late, "a", "b").Then(Probe.Succeeded("a"), Probe.Succeeded("b"), Done("a"), Seen("a")).Forget().AtOnce(Calls.Fail("a", 3)).Then(Done("b"));

    [Fact]
    public void A_record_is_final_when_callers_see_the_new_member()
    {
        Story group = Moved();
        Assert.Equal("b", group.Effects.OfType<AwaitVisible>().Single().Member.Name);
        Switchover told = group.Published.Last();
        Assert.Equal((2, false, SwitchoverOutcome.Completed), (told.Revision, told.IsFinal, told.Outcome));
        Assert.NotNull(told.Verified);

        group = group.Then(Seen("b"));

        told = group.Published.Last();
        Assert.Equal((3, true), (told.Revision, told.IsFinal));
        Assert.Equal(TimeSpan.FromSeconds(1), told.Visible!.Value.Since(told.Switched!.Value));
        Assert.Equal(told.Visible.Value.Since(told.FirstFailure!.Value), told.RecoveryTime);
        Assert.Null(group.State.Open);
    }

    [Fact]
    public void Whether_callers_see_it_may_stay_unknown()
    {
        Switchover told = Moved().Then(Seen("b", isVisible: false)).Published.Last();

        Assert.True(told.IsFinal);
        Assert.Null(told.Visible);
        Assert.Equal(SwitchoverOutcome.Completed, told.Outcome);
    }

    [Fact]
    public void A_wait_that_never_ends_is_ended_and_what_it_says_later_counts_no_more()
    {
        Story group = Moved().Pass(TimeSpan.FromMinutes(4), static _ => ProbeResult.Success());
        Assert.False(group.Published.Last().IsFinal);

        group = group.Pass(TimeSpan.FromMinutes(2), static _ => ProbeResult.Success()).AtOnce(Done("b"));
        Assert.True(group.Published.Last(static told => told.To.Name == "b").IsFinal);
        GroupState state = group.State;
        Assert.Same(state, group.AtOnce(Seen("b")).State);
    }

    [Fact]
    public void The_next_change_ends_the_record_and_what_was_waited_for_counts_no_more()
    {
        Story group = Moved().Then(Probe.Succeeded("a"), Probe.Succeeded("a"), Probe.Succeeded("a")).AtOnce(Ask.Switch("a"));
        Switchover overtaken = group.Published.Last(static told => told.To.Name == "b");
        Assert.True(overtaken.IsFinal);
        Assert.Null(overtaken.Visible);

        GroupState state = group.State;
        Assert.Same(state, group.AtOnce(Seen("b")).State);
    }
}
