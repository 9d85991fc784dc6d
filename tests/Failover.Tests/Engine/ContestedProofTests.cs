using Failover.Engine;

namespace Failover.Tests.Engine;

public class ContestedProofTests
{
    [Fact]
    public void One_lost_probe_does_not_decide_between_two_primaries_at_the_same_epoch()
    {
        Story group = Given.Born(Given.Role, "a", "b").Then(Probe.Primary("a", 5), Probe.Replica("b", 5), Probe.Primary("b", 5));
        Assert.Equal(GroupCondition.SplitBrain, group.State.Condition);

        group = group.Then(Probe.Failed("a"));
        Assert.Null(group.Active);
        Assert.Equal(GroupCondition.SplitBrain, group.State.Condition);

        group = group.Then(Probe.Failed("a"), Probe.Failed("a"));
        Assert.Equal("b", group.Active?.Name);
    }

    [Fact]
    public void A_primary_without_an_epoch_that_fails_is_followed_by_the_next_at_once()
    {
        Story group = Given.Born(Given.Role, "a", "b").Then(Probe.Primary("a"), Probe.Replica("b"), Probe.Failed("a"), Probe.Primary("b"));

        Assert.Equal("b", group.Active?.Name);
        Assert.Equal(SwitchoverCause.Failover, group.Published.Last().Cause);
    }

    [Fact]
    public void One_lost_probe_during_an_overlap_leaves_the_active_member_where_it_is()
    {
        Story group = Given.Born(Given.Role, "a", "b").Then(Probe.Primary("a"), Probe.Replica("b"), Probe.Primary("b"), Probe.Failed("a"));

        Assert.Equal("a", group.Active?.Name);
        Assert.Equal(GroupCondition.Switching, group.State.Condition);
    }

    [Fact]
    public void One_lost_probe_after_a_long_announcement_does_not_make_the_group_unavailable()
    {
        GroupSettings settings = Given.Role with { MaxSwitchTime = TimeSpan.FromSeconds(10) };
        Story group = Given.Born(settings, "a", "b").Then(Probe.Primary("a", 5), Probe.Replica("b", 5));
        group = group.AtOnce(Ask.Hint(new Hint(HintKind.Hold, "patroni") { HoldFor = TimeSpan.FromSeconds(20) }));
        group = group.Pass(TimeSpan.FromSeconds(15), m => ProbeResult.Success(m.Name == "a" ? MemberRole.Primary : MemberRole.Replica, new Epoch("L", 5)));
        Assert.Equal(GroupCondition.Switching, group.State.Condition);

        group = group.Then(Probe.Failed("a"));

        Assert.Equal("a", group.Active?.Name);
        Assert.Equal(GroupCondition.Switching, group.State.Condition);
    }
}
