using Failover.Engine;

namespace Failover.Tests.Engine;

public class SwitcherTests
{
    private static Happening Done(SwitchOutcome outcome, string? shows) => story =>
        (story, new SwitchCompleted(story.State.Switch.Operation, outcome, shows is null ? null : new SwitchReading(Given.Member(shows), "v"), null));

    private static Story Pointing(string to, GroupSettings? settings = null) =>
        Given.Born(settings ?? Given.Switched, "a", "b").Then(Probe.Succeeded("a"), Probe.Succeeded("b"), Done(SwitchOutcome.Applied, to)).Forget();

    [Fact]
    public void What_the_authority_shows_is_active()
    {
        Story group = Given.Born(Given.Switched, "a", "b").Then(Probe.Succeeded("a"), Probe.Succeeded("b"));
        Assert.Null(group.Active);
        Assert.Null(group.Effects.OfType<Switch>().Single().Target);

        group = group.Then(Done(SwitchOutcome.Applied, "a"));

        Assert.Equal("a", group.Active?.Name);
        Assert.Equal(GroupCondition.Settled, group.State.Condition);
    }

    [Fact]
    public void A_failover_is_announced_made_and_read_back()
    {
        Story group = Pointing("a").AtOnce(Calls.Fail("a", 3));
        Assert.Equal("a", group.Active?.Name);
        Assert.Equal("b", group.State.Desired?.Name);
        Assert.Equal("b", group.Effects.OfType<Switch>().Last().Target?.Name);

        group = group.Then(Done(SwitchOutcome.Applied, "b"));

        Assert.Equal("b", group.Active?.Name);
        Switchover[] told = [.. group.Published];
        Assert.Equal([1, 2], told.Select(s => s.Revision));
        Assert.Null(told[0].Switched);
        Assert.NotNull(told[1].Verified);
        Assert.True(told[1].IsFinal);
    }

    [Fact]
    public void Without_the_lease_nothing_is_done()
    {
        Story group = Pointing("a", Given.Switched with { NeedsLease = true }).AtOnce(Calls.Fail("a", 3));
        Assert.Single(group.Effects.OfType<AcquireLease>());
        Assert.DoesNotContain(group.Effects.OfType<Switch>(), s => s.Target is not null);

        group = group.AtOnce(Ask.Event(new LeaseGranted(17)));

        Switch act = group.Effects.OfType<Switch>().Single(s => s.Target is not null);
        Assert.Equal(17, act.LeaseToken);
        Assert.Equal(17, group.Then(Done(SwitchOutcome.Applied, "b")).Published.Last().LeaseToken);
    }

    [Fact]
    public void A_failed_act_is_tried_again_with_growing_pauses()
    {
        Story group = Pointing("a").AtOnce(Calls.Fail("a", 3)).Forget();
        for (int i = 0; i < 4; i++)
        {
            int acts = group.Effects.OfType<Switch>().Count(s => s.Target is not null);
            group = group.AtOnce(Done(SwitchOutcome.Failed, null));
            while (group.Effects.OfType<Switch>().Count(s => s.Target is not null) == acts)
            {
                group = group.State.Switch.InFlight ? group.AtOnce(Done(SwitchOutcome.Failed, null)) : group.Pass(TimeSpan.FromSeconds(1));
            }
        }

        Assert.Equal("a", group.Active?.Name);
        Assert.True(group.Now > TimeSpan.FromSeconds(10));
        Assert.Empty(group.Published);
    }

    [Fact]
    public void A_lost_answer_is_cleared_up_by_reading_again()
    {
        Story group = Pointing("a").AtOnce(Calls.Fail("a", 3), Done(SwitchOutcome.Unknown, null)).Pass(TimeSpan.Zero);
        Assert.True(group.State.Switch.InFlight);
        Assert.Null(group.State.Switch.InFlightTarget);

        group = group.Then(Done(SwitchOutcome.Applied, "b"));

        Assert.Equal("b", group.Active?.Name);
        Assert.Equal(SwitchoverCause.Failover, group.Published.Last().Cause);
        Assert.True(group.Published.Last().IsFinal);
    }

    [Fact]
    public void Why_an_act_failed_is_not_told_of_a_later_switchover()
    {
        Story group = Pointing("a", Given.Switched with { NeedsLease = true }).AtOnce(Calls.Fail("a", 3)).AtOnce(Ask.Event(new LeaseGranted(17)));
        group = group.AtOnce(static story => (story, new SwitchCompleted(story.State.Switch.Operation, SwitchOutcome.Unknown, null, "the zone is locked"))).Pass(TimeSpan.Zero);
        group = group.AtOnce(Done(SwitchOutcome.Applied, "b")).AtOnce(Ask.Event(new LeaseLost(AskAgain: false)));
        Assert.Equal("b", group.Active?.Name);

        group = group.Then(Probe.Succeeded("a"), Probe.Succeeded("a"), Probe.Succeeded("a")).Pass(TimeSpan.FromSeconds(6), static _ => ProbeResult.Success()).AtOnce(Ask.Switch("a"));
        Assert.Null(group.State.LastRequest?.Refusal);
        group = group.Forget();
        while (group.Published.LastOrDefault() is not { IsFinal: true })
        {
            group = group.State.Switch.InFlight ? group.AtOnce(Done(SwitchOutcome.Applied, "b"))
                : group.State.Switch.LeaseAsked ? group.AtOnce(Ask.Event(new LeaseLost(AskAgain: false)))
                : group.Pass(TimeSpan.FromSeconds(1), static _ => ProbeResult.Success());
        }

        Assert.Equal((SwitchoverOutcome.Abandoned, "the lease was not granted: another holds it, or the arbiter does not answer"), (group.Published.Last().Outcome, group.Published.Last().Evidence));
    }

    [Fact]
    public void A_change_by_another_hand_is_told_as_external()
    {
        Story group = Pointing("a").Pass(TimeSpan.FromSeconds(31), _ => ProbeResult.Success()).AtOnce(Done(SwitchOutcome.Applied, "b"));

        Assert.Equal("b", group.Active?.Name);
        Assert.Equal(SwitchoverCause.External, group.Published.Single().Cause);
    }

    [Fact]
    public void An_answer_for_an_earlier_operation_changes_nothing()
    {
        Story group = Pointing("a").AtOnce(Calls.Fail("a", 3));

        SwitchCompleted late = new(group.State.Switch.Operation - 1, SwitchOutcome.Applied, new SwitchReading(Given.Member("b"), "v"), null);

        Assert.Same(group.State, group.AtOnce(Ask.Event(late)).State);
    }

    [Fact]
    public void A_recovery_before_the_act_abandons_the_switchover()
    {
        Story group = Pointing("a", Given.Switched with { NeedsLease = true }).AtOnce(Calls.Fail("a", 3));
        group = group.Then(Probe.Succeeded("a"), Probe.Succeeded("a"), Probe.Succeeded("a"));

        Assert.Equal(GroupCondition.Settled, group.State.Condition);
        Assert.Equal(SwitchoverOutcome.Abandoned, group.Published.Last().Outcome);
        Assert.True(group.Published.Last().IsFinal);
        Assert.Equal("a", group.State.Desired?.Name);
    }

    [Fact]
    public void Where_the_authority_points_to_none_of_the_members_nothing_is_done()
    {
        Story group = Pointing("elsewhere").Pass(TimeSpan.FromMinutes(2), _ => ProbeResult.Success());

        Assert.Null(group.Active);
        Assert.Equal(GroupCondition.Unavailable, group.State.Condition);
        Assert.DoesNotContain(group.Effects.OfType<Switch>(), s => s.Target is not null);
    }

    [Fact]
    public void A_manual_switch_where_members_elect_waits_for_the_proof()
    {
        GroupSettings settings = Given.Role with { HasSwitcher = true };
        Story group = Given.Born(settings, "a", "b").Then(Probe.Primary("a", 5), Probe.Replica("b", 5)).Forget().AtOnce(Ask.Switch("b"));
        Assert.Equal("b", group.State.Desired?.Name);

        group = group.Then(Done(SwitchOutcome.Applied, "b"));
        Assert.Equal("a", group.Active?.Name);
        group = group.Then(Probe.Primary("b", 6));

        Assert.Equal("b", group.Active?.Name);
        Assert.Equal(SwitchoverCause.Manual, group.Published.Last().Cause);
        Assert.True(group.Published.Last().IsFinal);
        Assert.Null(group.State.Desired);
    }
}
