using Failover.Engine;

namespace Failover.Tests.Engine;

public class RequestTests
{
    [Fact]
    public void A_member_that_somebody_asked_for_stays_active_while_it_is_healthy()
    {
        Story group = Given.Settled("a", "b").Then(Ask.Switch("b"));
        Assert.Equal("b", group.Active?.Name);
        Assert.Null(group.State.LastRequest?.Refusal);
        Assert.Equal(group.Published.First().Id, group.State.LastRequest?.Switchover);

        group = group.Pass(TimeSpan.FromHours(1), _ => ProbeResult.Success());

        Assert.Equal("b", group.Active?.Name);
    }

    [Fact]
    public void An_unhealthy_member_is_refused_with_the_reason()
    {
        Story group = Given.Settled("a", "b").Then(Probe.Failed("b"), Probe.Failed("b"), Probe.Failed("b"), Ask.Switch("b"));

        Assert.Equal("a", group.Active?.Name);
        Assert.Equal("b is Unhealthy: refused.", group.State.LastRequest?.Refusal);
    }

    [Fact]
    public void A_pinned_group_does_not_move_by_itself_but_obeys()
    {
        Story group = Given.Settled("a", "b").Then(Ask.Pin()).AtOnce(Calls.Fail("a", 5));
        Assert.Equal("a", group.Active?.Name);
        Assert.Equal("a", group.State.Route[0].Name);

        Story asked = group.AtOnce(Ask.Switch("b"));
        Assert.Equal("b", asked.Active?.Name);

        Story unpinned = group.AtOnce(Ask.Pin(false));
        Assert.Equal("b", unpinned.Active?.Name);
        Assert.Equal(SwitchoverCause.Failover, unpinned.Published.First().Cause);
    }

    [Fact]
    public void Draining_the_active_member_moves_the_group_at_once_and_never_into_nothing()
    {
        Story group = Given.Settled("a", "b").AtOnce(Ask.Drain("a"));
        Assert.Equal("b", group.Active?.Name);
        Assert.Equal(SwitchoverCause.Drain, group.Published.First().Cause);

        group = group.AtOnce(Ask.Drain("b"));

        Assert.Equal("b", group.Active?.Name);
        Assert.Equal(GroupCondition.Settled, group.State.Condition);
    }

    [Fact]
    public void A_drain_that_has_ended_lets_the_group_go_back_after_the_hold_down()
    {
        Story group = Given.Settled("a", "b").Pass(TimeSpan.FromMinutes(5), _ => ProbeResult.Success())
            .AtOnce(Ask.Drain("a")).Pass(TimeSpan.FromMinutes(5), _ => ProbeResult.Success());
        Assert.Equal("b", group.Active?.Name);

        group = group.AtOnce(Ask.Undrain("a"));
        Assert.Equal("b", group.Active?.Name);
        group = group.Pass(TimeSpan.FromSeconds(40), _ => ProbeResult.Success());

        Assert.Equal("a", group.Active?.Name);
        Assert.Equal(SwitchoverCause.Switchback, group.Published.Last().Cause);
    }

    [Fact]
    public void A_member_that_says_it_is_leaving_is_left_and_taken_again_when_it_answers_well()
    {
        Story group = Given.Settled("a", "b").Then(Probe.Answers("a", ProbeResult.Draining("says it is leaving")));
        Assert.Equal("b", group.Active?.Name);
        Assert.Equal("says it is leaving", group.Published.First().Evidence);
        Assert.True(group["a"].IsDrained);

        group = group.Then(Probe.Succeeded("a"));

        Assert.False(group["a"].IsDrained);
    }

    [Fact]
    public void Removing_the_active_member_moves_the_group_and_says_why()
    {
        Story group = Given.Settled("a", "b").AtOnce(Ask.Members("b", "c"));

        Assert.Equal("b", group.Active?.Name);
        Switchover told = group.Published.First();
        Assert.Equal(SwitchoverCause.MemberRemoved, told.Cause);
        Assert.Equal("a", told.From?.Name);
    }

    [Fact]
    public void A_removed_member_that_is_listed_again_has_still_been_left_because_it_was_removed()
    {
        Story group = Given.Settled("a").AtOnce(Ask.Members("b"), Ask.Members("a", "b"));
        Assert.Null(group.Active);

        group = group.Then(Probe.Failed("a"), Probe.Succeeded("b"));

        Assert.Equal("b", group.Active?.Name);
        Assert.Equal(SwitchoverCause.MemberRemoved, group.Published.Last().Cause);
    }

    [Fact]
    public void An_empty_list_of_members_changes_nothing()
    {
        Story group = Given.Settled("a", "b");

        Assert.Same(group.State, group.AtOnce(Ask.Members()).State);
    }

    [Fact]
    public void An_answer_for_an_earlier_life_of_a_member_changes_nothing()
    {
        Story group = Given.Settled("a", "b");
        ProbeCompleted late = new(group["b"].Member, group["b"].Incarnation, group["b"].Attempt + 1, ProbeResult.Failure("late"));
        group = group.AtOnce(Ask.Members("a"), Ask.Members("a", "b"));

        Assert.Same(group.State, group.AtOnce(Ask.Event(late)).State);
    }

    [Fact]
    public void A_probe_that_is_left_behind_counts_each_time_another_would_be_due_and_is_never_doubled()
    {
        Story group = Given.Settled("a", "b").Then(Probe.Answers("a", ProbeResult.Timeout("no answer"), stillRunning: true)).Forget();

        group = group.Pass(TimeSpan.FromSeconds(10), m => m.Name == "b" ? ProbeResult.Success() : throw new InvalidOperationException("doubled"));

        Assert.Equal("b", group.Active?.Name);
        Assert.DoesNotContain(group.Effects.OfType<Failover.Engine.Probe>(), p => p.Member.Name == "a");

        MemberState stuck = group["a"];
        group = group.AtOnce(Ask.Event(new ProbeCompleted(stuck.Member, stuck.Incarnation, stuck.Attempt, ProbeResult.Success())));
        Assert.Equal(Verdict.Unhealthy, group["a"].Verdict);
        Assert.Equal(0, group["a"].Against);
        Assert.False(group["a"].Stuck);
    }
}
