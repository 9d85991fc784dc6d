using Failover.Engine;

namespace Failover.Tests.Engine;

public class RoleTests
{
    private static Story Cluster(GroupSettings? settings = null) =>
        Given.Born(settings ?? Given.Role, "a", "b").Then(Probe.Primary("a", 5), Probe.Replica("b", 5)).Forget();

    [Fact]
    public void A_group_hears_each_member_once_before_it_takes_the_first_that_says_it_is_primary()
    {
        Story group = Given.Born(Given.Role, "old", "new").Then(Probe.Primary("old", 4));
        Assert.Null(group.Active);

        group = group.Then(Probe.Primary("new", 5));

        Assert.Equal("new", group.Active?.Name);
        Assert.Equal(new Epoch("L", 5), group.Published.Single().Epoch);
    }

    [Fact]
    public void A_primary_at_a_higher_epoch_is_followed_at_once()
    {
        Story group = Cluster().Then(Probe.Primary("b", 6));

        Assert.Equal("b", group.Active?.Name);
        Switchover told = group.Published.Single();
        Assert.Equal(SwitchoverCause.External, told.Cause);
        Assert.Null(told.Decided);
        Assert.True(told.IsFinal);
    }

    [Fact]
    public void While_callers_wait_for_a_primary_a_member_that_was_given_up_is_probed_as_often_as_the_others()
    {
        Story group = Cluster().Then(Probe.Failed("a"), Probe.Failed("a"), Probe.Failed("a"));
        Assert.Equal(Verdict.Unhealthy, group["a"].Verdict);

        group = group.Forget().Pass(TimeSpan.FromSeconds(30), member => member.Name == "a" ? ProbeResult.Failure("refused") : ProbeResult.Success(MemberRole.Replica, new Epoch("L", 5)));

        Assert.Equal(GroupCondition.Switching, group.State.Condition);
        int ofTheLost = group.Effects.OfType<Failover.Engine.Probe>().Count(probe => probe.Member.Name == "a");
        Assert.InRange(ofTheLost, 27, 34);
    }

    [Fact]
    public void A_lower_epoch_never_becomes_active_again()
    {
        Story group = Cluster().Then(Probe.Failed("a"), Probe.Failed("a"), Probe.Failed("a"));
        Assert.Null(group.Active);
        group = group.Then(Probe.Primary("b", 6), Probe.Failed("b"), Probe.Failed("b"), Probe.Failed("b"));

        group = group.Then(Probe.Primary("a", 5), Probe.Primary("a", 5), Probe.Primary("a", 5));

        Assert.Equal(Verdict.Healthy, group["a"].Verdict);
        Assert.Null(group.Active);
        Assert.Contains("below the highest", group.State.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_standby_that_follows_a_new_epoch_is_enough_to_distrust_the_old_primary()
    {
        Story group = Cluster().Then(Probe.Replica("b", 6));

        Assert.Null(group.Active);
        Assert.Equal(GroupCondition.Switching, group.State.Condition);
    }

    [Fact]
    public void Two_primaries_at_the_same_epoch_are_split_brain_until_one_is_left()
    {
        Story group = Cluster().Then(Probe.Primary("b", 5));
        Assert.Equal(GroupCondition.SplitBrain, group.State.Condition);
        Assert.Null(group.Active);

        group = group.Then(Probe.Replica("b", 5));

        Assert.Equal(GroupCondition.Settled, group.State.Condition);
        Assert.Equal("a", group.Active?.Name);
    }

    [Fact]
    public void A_new_lineage_is_not_taken_unless_it_is_trusted()
    {
        Story group = Cluster().Then(Probe.Primary("a", 9, "M"), Probe.Replica("b", 9, "M"));
        Assert.Null(group.Active);
        Assert.Contains("another lineage (M)", group.State.Reason, StringComparison.Ordinal);

        group = group.Then(Ask.Trust("M"));

        Assert.Equal("a", group.Active?.Name);
    }

    [Fact]
    public void To_trust_a_lineage_is_to_trust_no_other_even_before_its_primary_has_come()
    {
        Story group = Cluster().Then(Ask.Trust("M"));
        Assert.Null(group.Active);
        Assert.Contains("another lineage (L)", group.State.Reason, StringComparison.Ordinal);

        group = group.Then(Probe.Primary("b", 1, "M"));

        Assert.Equal("b", group.Active?.Name);
    }

    [Fact]
    public void A_setting_that_stays_does_not_undo_a_later_trust()
    {
        Story group = Cluster().Then(Ask.Options(o => o with { TrustLineage = "M" }), Probe.Primary("b", 1, "M"), Ask.Trust("L"));
        Assert.Equal("a", group.Active?.Name);

        group = group.Then(Ask.Options(o => o with { Fall = 5 }));

        Assert.Equal("a", group.Active?.Name);
        Assert.Equal("L", group.State.Epochs.Trusted);
    }

    [Fact]
    public void To_trust_a_lineage_has_no_effect_where_members_have_no_epochs()
    {
        Story group = Given.Born(Given.Role, "a", "b").Then(Probe.Primary("a"), Probe.Replica("b")).Forget().Then(Ask.Trust("M"), Probe.Primary("a"));
        Assert.Equal(GroupCondition.Settled, group.State.Condition);
        Assert.Equal("a", group.Active?.Name);

        group = group.Then(Probe.Answers("a", ProbeResult.Timeout("no answer")));

        Assert.Equal("a", group.Active?.Name);
        Assert.Empty(group.Published);
    }

    [Fact]
    public void A_setting_that_trusts_a_lineage_does_not_hold_up_the_start_of_members_without_epochs()
    {
        Story group = Given.Born(Given.Role with { TrustLineage = "M" }, "a", "b").Then(Probe.Primary("a"), Probe.Replica("b"));

        Assert.Equal("a", group.Active?.Name);
    }

    [Fact]
    public void A_lineage_trusted_in_advance_is_in_force_once_a_member_tells_an_epoch()
    {
        Story group = Given.Born(Given.Role with { TrustLineage = "M" }, "a", "b").Then(Probe.Primary("a", 5), Probe.Replica("b"));
        Assert.Null(group.Active);

        group = group.Then(Probe.Primary("b"));
        Assert.Null(group.Active);

        Assert.Equal("b", group.Then(Probe.Primary("b", 1, "M")).Active?.Name);
    }

    [Fact]
    public void A_new_lineage_is_taken_once_the_old_one_was_silent_long_enough_where_that_is_allowed()
    {
        Story group = Cluster(Given.Role with { WhenOldSilentFor = TimeSpan.FromMinutes(5) });
        ProbeResult Answer(FailoverMember m) => ProbeResult.Success(m.Name == "a" ? MemberRole.Primary : MemberRole.Replica, new Epoch("M", 1));

        group = group.Pass(TimeSpan.FromMinutes(4), Answer);
        Assert.Null(group.Active);
        group = group.Pass(TimeSpan.FromMinutes(2), Answer);

        Assert.Equal("a", group.Active?.Name);
        Assert.Equal("M", group.State.Epochs.Trusted);
    }

    [Fact]
    public void Two_primaries_without_epochs_may_overlap_for_a_moment()
    {
        Story group = Given.Born(Given.Role, "a", "b").Then(Probe.Primary("a"), Probe.Replica("b")).Forget().Then(Probe.Primary("b"));
        Assert.Equal("a", group.Active?.Name);
        Assert.Equal(GroupCondition.Switching, group.State.Condition);

        Story moved = group.Then(Probe.Replica("a"));
        Assert.Equal("b", moved.Active?.Name);
        Assert.Equal(GroupCondition.Settled, moved.State.Condition);

        Story split = group.Pass(TimeSpan.FromSeconds(11), _ => ProbeResult.Success(MemberRole.Primary, null));
        Assert.Equal(GroupCondition.SplitBrain, split.State.Condition);
        Assert.Null(split.Active);
    }

    [Fact]
    public void An_announced_change_lets_writers_wait_until_the_new_primary_proves_itself_or_the_hold_ends()
    {
        Story group = Cluster().AtOnce(Ask.Hint(new Hint(HintKind.Hold, "sentinel") { HoldFor = TimeSpan.FromSeconds(5) }));
        Assert.Equal(GroupCondition.Switching, group.State.Condition);
        Assert.Equal("a", group.Active?.Name);

        Story moved = group.Then(Probe.Primary("b", 6));
        Assert.Equal(GroupCondition.Settled, moved.State.Condition);

        Story held = group.Pass(TimeSpan.FromSeconds(6), m => ProbeResult.Success(m.Name == "a" ? MemberRole.Primary : MemberRole.Replica, new Epoch("L", 5)));
        Assert.Equal(GroupCondition.Settled, held.State.Condition);
        Assert.Equal("a", held.Active?.Name);
        Assert.Empty(held.Published);
    }

    [Fact]
    public void A_quorum_may_bind_a_member_to_an_epoch_but_the_member_still_proves_itself()
    {
        Hint Bound(string member, long epoch) => new(HintKind.LookNow, "sentinel") { Member = Given.Member(member), QuorumEpoch = new Epoch("set", epoch) };
        Story group = Given.Born(Given.Role, "a", "b")
            .AtOnce(Ask.Hint(Bound("a", 1)))
            .Then(Probe.Primary("a"), Probe.Replica("b"));
        Assert.Equal("a", group.Active?.Name);

        group = group.AtOnce(Ask.Hint(Bound("b", 2)));
        Assert.Null(group.Active);

        group = group.Then(Probe.Primary("b"));
        Assert.Equal("b", group.Active?.Name);
        Assert.Equal(2, group.State.Last?.Epoch?.Number);
    }

    [Fact]
    public void A_call_that_succeeds_proves_no_role()
    {
        Story group = Cluster().Then(Probe.Failed("a"), Calls.Succeed("a", 10));

        Assert.Equal(Verdict.Suspect, group["a"].Verdict);
    }

    [Fact]
    public void A_group_whose_members_elect_refuses_to_switch()
    {
        Story group = Cluster().AtOnce(Ask.Switch("b"));

        Assert.Equal("a", group.Active?.Name);
        Assert.Contains("elect their primary themselves", group.State.LastRequest?.Refusal, StringComparison.Ordinal);
    }
}
