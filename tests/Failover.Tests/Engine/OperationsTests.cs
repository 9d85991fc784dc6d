namespace Failover.Tests.Engine;

/// <summary>What docs/operations.md says of what people ask for: how long it holds, and what ends it.</summary>
public class OperationsTests
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    [Fact]
    public void A_switch_ends_when_its_member_fails_and_is_not_made_again_when_it_is_well()
    {
        Story group = Given.Settled("a", "b", "c").AtOnce(Ask.Switch("c")).AtOnce(Calls.Fail("c", 3));
        Assert.Equal("a", group.Active?.Name);
        Assert.Equal(SwitchoverCause.Failover, group.Published.Last().Cause);

        group = group.Pass(Long, _ => ProbeResult.Success());

        Assert.Equal(Verdict.Healthy, group["c"].Verdict);
        Assert.Equal("a", group.Active?.Name);
    }

    [Fact]
    public void A_switch_outlives_a_suspicion()
    {
        Story group = Given.Settled("a", "b").AtOnce(Ask.Switch("b")).AtOnce(Calls.Fail("b"));
        Assert.Equal(Verdict.Suspect, group["b"].Verdict);

        group = group.Pass(Long, _ => ProbeResult.Success());

        Assert.Equal("b", group.Active?.Name);
    }

    [Fact]
    public void A_switch_ends_when_its_member_is_drained()
    {
        Story group = Given.Settled("a", "b").AtOnce(Ask.Switch("b"), Ask.Drain("b"), Ask.Undrain("b"));
        Assert.Equal("a", group.Active?.Name);

        Assert.Equal("a", group.Pass(Long, _ => ProbeResult.Success()).Active?.Name);
    }

    [Fact]
    public void A_switch_ends_when_its_member_is_removed()
    {
        Story group = Given.Settled("a", "b").AtOnce(Ask.Switch("b"), Ask.Members("a"), Ask.Members("a", "b"));
        Assert.Equal("a", group.Active?.Name);

        Assert.Equal("a", group.Pass(Long, _ => ProbeResult.Success()).Active?.Name);
    }

    [Fact]
    public void A_switch_to_another_member_takes_its_place()
    {
        Story group = Given.Settled("a", "b", "c").AtOnce(Ask.Switch("c"), Ask.Switch("b"));

        Assert.Equal("b", group.Pass(Long, _ => ProbeResult.Success()).Active?.Name);
    }

    // Then all is as if nobody had asked: it fails over, and comes back.
    [Fact]
    public void A_switch_to_the_preferred_member_is_made_without_a_hold_down_and_leaves_the_rest_to_the_group()
    {
        Story group = Given.Settled("a", "b").AtOnce(Ask.Switch("b"), Ask.Switch("a"));
        Assert.Equal("a", group.Active?.Name);

        group = group.AtOnce(Calls.Fail("a", 3));
        Assert.Equal("b", group.Active?.Name);

        Assert.Equal("a", group.Pass(Long, _ => ProbeResult.Success()).Active?.Name);
    }

    [Fact]
    public void A_drained_member_is_refused_as_the_target_of_a_switch()
    {
        Story group = Given.Settled("a", "b").AtOnce(Ask.Drain("b"), Ask.Switch("b"));

        Assert.Equal("b is drained.", group.State.LastRequest?.Refusal);
        Assert.Equal("a", group.Active?.Name);
    }

    [Fact]
    public void A_pin_outlives_a_switch()
    {
        Story group = Given.Settled("a", "b").AtOnce(Ask.Pin(), Ask.Switch("b")).AtOnce(Calls.Fail("b", 3));

        Assert.True(group.State.Pinned);
        Assert.Equal("b", group.Active?.Name);
    }

    [Fact]
    public void A_pin_holds_a_member_that_is_drained_and_one_that_has_failed_for_long()
    {
        Story drained = Given.Settled("a", "b").AtOnce(Ask.Pin(), Ask.Drain("a"));
        Assert.Equal("a", drained.Active?.Name);

        Story failed = Given.Settled("a", "b").AtOnce(Ask.Pin()).Pass(Long, member => member.Name == "a" ? ProbeResult.Failure("down") : ProbeResult.Success());
        Assert.Equal((GroupCondition.Unavailable, "a"), (failed.State.Condition, failed.Active?.Name));
        Assert.Equal("a", failed.State.Route[0].Name);
        Assert.Equal("b", failed.AtOnce(Ask.Pin(false)).Active?.Name);
    }

    [Fact]
    public void A_drained_member_comes_last_of_those_that_work_and_before_those_that_do_not()
    {
        Story group = Given.Settled("a", "b", "c").AtOnce(Ask.Drain("a")).AtOnce(Calls.Fail("c", 3));

        Assert.Equal(["b", "a", "c"], group.State.Route.Select(member => member.Name));
    }

    [Fact]
    public void A_drained_member_takes_over_where_no_other_works()
    {
        Story group = Given.Settled("a", "b").AtOnce(Ask.Drain("b")).AtOnce(Calls.Fail("a", 3));

        Assert.Equal("b", group.Active?.Name);
    }

    [Fact]
    public void A_drain_outlives_a_new_list_of_members()
    {
        Story group = Given.Settled("a", "b").AtOnce(Ask.Drain("a"), Ask.Members("c", "a", "b"));

        Assert.True(group["a"].IsDrained);
    }
}
