using Failover.Engine;

namespace Failover.Tests.Engine;

/// <summary>Where a switcher makes the active member true outside: what it may not do.</summary>
public class AuthorityTests
{
    private static Happening Done(SwitchOutcome outcome, string? shows) => story =>
        (story, new SwitchCompleted(story.State.Switch.Operation, outcome, shows is null ? null : new SwitchReading(Given.Member(shows), "v"), null));

    private static Story Pointing(string to, GroupSettings? settings = null) =>
        Given.Born(settings ?? Given.Switched, "a", "b").Then(Probe.Succeeded("a"), Probe.Succeeded("b"), Done(SwitchOutcome.Applied, to)).Forget();

    private static Switch[] Acts(Story group) => [.. group.Effects.OfType<Switch>().Where(s => s.Target is not null)];

    [Fact]
    public void A_member_that_has_not_answered_yet_is_not_left()
    {
        Story group = Given.Born(Given.Switched, "a", "b").Then(Probe.Succeeded("b"), Done(SwitchOutcome.Applied, "a"));

        Assert.Equal("a", group.Active?.Name);
        Assert.Equal(GroupCondition.Starting, group.State.Condition);
        Assert.Empty(Acts(group));
        Assert.Equal(GroupCondition.Settled, group.Then(Probe.Succeeded("a")).State.Condition);
    }

    [Fact]
    public void One_lost_probe_after_a_restart_does_not_move_what_stands_outside()
    {
        Story group = Given.Born(Given.Switched, "a", "b").Then(Probe.Failed("a"), Probe.Succeeded("b"), Done(SwitchOutcome.Applied, "a"));
        Assert.Empty(Acts(group));

        group = group.Then(Probe.Failed("a"), Probe.Failed("a"));

        Assert.Equal("b", Assert.Single(Acts(group)).Target?.Name);
    }

    [Fact]
    public void A_target_that_was_removed_while_it_was_switched_to_is_left_again()
    {
        Story group = Pointing("a").AtOnce(Calls.Fail("a", 3), Ask.Members("a", "c")).Then(Probe.Succeeded("c")).Forget();

        group = group.Then(Done(SwitchOutcome.Applied, "b"));

        Assert.Equal("c", Assert.Single(Acts(group)).Target?.Name);
        Assert.Equal("c", group.Then(Done(SwitchOutcome.Applied, "c")).Active?.Name);
    }

    [Fact]
    public void A_removed_member_that_is_listed_again_is_looked_at_before_it_is_left()
    {
        Story group = Pointing("a", Given.Switched with { NeedsLease = true }).AtOnce(Ask.Members("b"), Ask.Members("a", "b"), Ask.Event(new LeaseGranted(1)));
        Assert.Empty(Acts(group));

        group = group.Then(Done(SwitchOutcome.Applied, "a"), Probe.Succeeded("a"));

        Assert.Equal("a", group.Active?.Name);
        Assert.Equal(GroupCondition.Settled, group.State.Condition);
        Assert.Equal(SwitchoverOutcome.Abandoned, group.Published.Single(s => s.IsFinal).Outcome);
    }

    [Fact]
    public void What_was_wanted_is_given_up_once_another_hand_points_away_from_all_members()
    {
        Story group = Pointing("a", Given.Switched with { NeedsLease = true }).AtOnce(Calls.Fail("a", 3)).Pass(TimeSpan.FromSeconds(31));
        group = group.AtOnce(Done(SwitchOutcome.Applied, "elsewhere"), Ask.Event(new LeaseGranted(1)));

        Assert.Empty(Acts(group));
        Assert.Equal(SwitchoverOutcome.Abandoned, group.Published.Last().Outcome);
    }

    [Fact]
    public void A_request_is_over_once_another_hand_has_moved_the_active_member()
    {
        Story group = Pointing("a").AtOnce(Ask.Switch("b")).Then(Done(SwitchOutcome.Applied, "b"));
        group = group.Pass(TimeSpan.FromSeconds(31)).Then(Done(SwitchOutcome.Applied, "a")).Forget();

        Assert.Equal("a", group.Active?.Name);
        Assert.Null(group.State.Requested);
        Assert.Empty(Acts(group.Then(Probe.Succeeded("b"))));
    }

    [Fact]
    public void A_switch_that_was_applied_is_not_made_again_while_its_proof_is_awaited()
    {
        Story group = Given.Born(Given.Role with { HasSwitcher = true }, "a", "b").Then(Probe.Primary("a", 5), Probe.Replica("b", 5)).AtOnce(Ask.Switch("b"));

        group = group.Then(Done(SwitchOutcome.Applied, "b"), Probe.Primary("a", 5), Probe.Replica("b", 5));

        Assert.Single(Acts(group));
    }

    [Fact]
    public void A_lost_answer_of_those_who_elect_is_no_refusal()
    {
        Story group = Given.Born(Given.Role with { HasSwitcher = true }, "a", "b").Then(Probe.Primary("a", 5), Probe.Replica("b", 5)).AtOnce(Ask.Switch("b"));

        group = group.Then(Done(SwitchOutcome.Unknown, null), Probe.Primary("b", 6));

        Assert.Single(Acts(group));
        Assert.Equal(SwitchoverCause.Manual, group.Published.Last().Cause);
        Assert.Equal(SwitchoverOutcome.Completed, group.Published.Last().Outcome);
    }

    [Fact]
    public void Without_the_lease_a_switchback_is_not_told_of()
    {
        GroupSettings settings = Given.Switched with { NeedsLease = true };
        Story group = Pointing("b", settings).Pass(TimeSpan.FromMinutes(1), _ => ProbeResult.Success()).AtOnce(Done(SwitchOutcome.Applied, "b"));
        Assert.NotEmpty(group.Effects.OfType<AcquireLease>());
        Assert.Empty(group.Published);
        Assert.True(group.State.SwitchbackPending);
        Assert.Equal(GroupCondition.Settled, group.State.Condition);

        group = group.AtOnce(Ask.Event(new LeaseGranted(1)));

        Assert.Equal(SwitchoverCause.Switchback, group.Published.Single().Cause);
        Assert.Equal("a", Assert.Single(Acts(group)).Target?.Name);
    }

    [Fact]
    public void Reads_that_work_do_not_shorten_the_pauses_between_acts_that_fail()
    {
        Story group = Pointing("a").AtOnce(Calls.Fail("a", 3));
        TimeSpan end = group.Now + TimeSpan.FromMinutes(2);
        while (group.Now < end)
        {
            bool act = group.State.Switch.InFlightTarget is not null;
            group = !group.State.Switch.InFlight ? group.Pass(TimeSpan.FromMilliseconds(500))
                : group.AtOnce(act ? Done(SwitchOutcome.Failed, null) : Done(SwitchOutcome.Applied, "a"));
        }

        Assert.InRange(Acts(group).Length, 5, 10);
    }

    [Fact]
    public void Another_hands_change_carries_no_token_of_this_hosts_lease()
    {
        Story group = Pointing("a", Given.Switched with { NeedsLease = true }).AtOnce(Ask.Event(new LeaseGranted(17))).Pass(TimeSpan.FromSeconds(31));

        group = group.AtOnce(Done(SwitchOutcome.Applied, "b"));

        Assert.Equal(SwitchoverCause.External, group.Published.Last().Cause);
        Assert.Null(group.Published.Last().LeaseToken);
    }
}
