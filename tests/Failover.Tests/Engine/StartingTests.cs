using Failover.Engine;

namespace Failover.Tests.Engine;

/// <summary>A group that starts while its preferred member is cold: silence is not yet an answer.</summary>
public class StartingTests
{
    private static readonly ProbeResult Silence = ProbeResult.Timeout("no answer");

    [Fact]
    public void One_silent_probe_of_a_cold_member_does_not_send_the_group_to_its_secondary()
    {
        Story group = Given.Born(Given.Priority, "a", "b").Then(Probe.Succeeded("b"), Probe.Answers("a", Silence));
        Assert.Equal(GroupCondition.Starting, group.State.Condition);
        Assert.Equal("waiting for the first answer of a", group.State.Reason);
        Assert.Equal(["a", "b"], group.State.Route.Select(m => m.Name));

        group = group.Then(Probe.Succeeded("a"));

        Assert.Equal("a", group.Active?.Name);
        Assert.Equal(SwitchoverCause.Initial, Assert.Single(group.Published).Cause);
    }

    [Fact]
    public void A_member_that_is_silent_as_often_as_the_threshold_asks_is_waited_for_no_longer()
    {
        GroupSettings settings = Given.Priority;
        Story group = Given.Born(settings, "a", "b").AtOnce(Probe.Succeeded("b"));
        while (group.State.Condition == GroupCondition.Starting)
        {
            MemberState a = group["a"];
            group = a.Probing
                ? group.Feed(new ProbeCompleted(a.Member, a.Incarnation, a.Attempt, Silence), a.LastProbeStart + settings.ProbeTimeout)
                : group.Feed(Tick.Instance, group.State.WakeAt);
        }

        Assert.Equal("b", group.Active?.Name);
        Assert.Equal(Verdict.Unhealthy, group["a"].Verdict);
        Assert.Equal(settings.Fall, group["a"].Attempt);
        Assert.InRange(group.Now, TimeSpan.Zero, (settings.ProbeTimeout * settings.Fall) + (settings.TransitionInterval * 1.1 * (settings.Fall - 1)));
    }

    [Fact]
    public void A_probe_that_is_left_behind_at_the_start_holds_the_group_up_no_longer_than_silent_ones()
    {
        Story group = Given.Born(Given.Priority, "a", "b").Then(Probe.Succeeded("b"), Probe.Answers("a", Silence, stillRunning: true));
        Assert.Equal(GroupCondition.Starting, group.State.Condition);

        group = group.Pass(TimeSpan.FromSeconds(3));

        Assert.Equal("b", group.Active?.Name);
    }

    [Fact]
    public void An_answer_decides_at_once_after_silence_too()
    {
        Story group = Given.Born(Given.Priority, "a", "b").Then(Probe.Succeeded("b"), Probe.Answers("a", Silence), Probe.Failed("a"));

        Assert.Equal("b", group.Active?.Name);
        Assert.Equal("refused", group["a"].Evidence);
    }

    [Fact]
    public void One_failed_call_ends_the_wait_for_a_silent_member()
    {
        Story group = Given.Born(Given.Priority, "a", "b").Then(Probe.Succeeded("b"), Probe.Answers("a", Silence));
        Assert.Equal("b", group.AtOnce(Calls.Fail("a")).Active?.Name);
    }

    [Fact]
    public void Calls_that_hang_end_the_wait_with_the_next_silent_probe()
    {
        Story group = Given.Born(Given.Priority, "a", "b").Then(Probe.Succeeded("b"), Probe.Answers("a", Silence)).AtOnce(Calls.Wait("a", 3, TimeSpan.FromSeconds(2)));
        Assert.Null(group.Active);

        group = group.Then(Probe.Answers("a", Silence));

        Assert.Equal("b", group.Active?.Name);
        Assert.Equal(2, group["a"].Attempt);
    }

    [Fact]
    public void A_call_that_succeeds_is_the_first_answer()
    {
        Story group = Given.Born(Given.Priority, "a", "b").Then(Probe.Succeeded("b"), Probe.Answers("a", Silence)).AtOnce(Calls.Succeed("a"));

        Assert.Equal("a", group.Active?.Name);
    }

    [Fact]
    public void The_wait_for_silent_members_ends_with_the_start_timeout()
    {
        GroupSettings settings = Given.Priority with { Fall = 100 };
        Story group = Given.Born(settings, "a", "b").Pass(settings.StartTimeout - TimeSpan.FromSeconds(1), m => m.Name == "a" ? Silence : ProbeResult.Success());
        Assert.Equal(GroupCondition.Starting, group.State.Condition);

        group = group.Pass(TimeSpan.FromSeconds(1), m => m.Name == "a" ? Silence : ProbeResult.Success());

        Assert.Equal("b", group.Active?.Name);
    }

    [Fact]
    public void A_member_that_joins_later_is_not_waited_for()
    {
        Story group = Given.Settled("a", "b").AtOnce(Ask.Members("c", "a", "b")).Then(Probe.Answers("c", Silence));

        Assert.Equal(Verdict.Unhealthy, group["c"].Verdict);
        Assert.Equal("a", group.Active?.Name);
    }

    [Fact]
    public void Where_members_prove_a_role_one_silent_member_does_not_hold_up_the_start()
    {
        Story group = Given.Born(Given.Role, "a", "b").Then(Probe.Primary("b", 1), Probe.Answers("a", Silence));

        Assert.Equal("b", group.Active?.Name);
    }
}
