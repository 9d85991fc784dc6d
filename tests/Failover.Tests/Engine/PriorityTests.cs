using Failover.Engine;

namespace Failover.Tests.Engine;

public class PriorityTests
{
    [Fact]
    public void A_group_starts_on_its_preferred_member_even_if_another_answers_first()
    {
        Story group = Given.Born(Given.Priority, "a", "b").Then(Probe.Succeeded("b"));
        Assert.Equal(GroupCondition.Starting, group.State.Condition);
        Assert.Null(group.Active);

        group = group.Then(Probe.Succeeded("a"));

        Assert.Equal("a", group.Active?.Name);
        Switchover initial = Assert.Single(group.Published);
        Assert.Equal(SwitchoverCause.Initial, initial.Cause);
        Assert.True(initial.IsFinal);
        Assert.Null(initial.From);
    }

    [Fact]
    public void Callers_are_sent_to_the_preferred_member_while_a_group_waits_for_its_first_answer()
    {
        Story group = Given.Born(Given.Priority, "a", "b", "c").Then(Probe.Succeeded("b"));
        Assert.Equal(["a", "b", "c"], group.State.Route.Select(m => m.Name));

        group = group.Then(Probe.Failed("a"));

        Assert.Equal(["b", "c", "a"], group.State.Route.Select(m => m.Name));
    }

    [Fact]
    public void A_group_starts_on_its_secondary_when_the_preferred_member_does_not_answer()
    {
        Story group = Given.Born(Given.Priority, "a", "b").Then(Probe.Succeeded("b"), Probe.Failed("a"));

        Assert.Equal("b", group.Active?.Name);
        Assert.Equal(Verdict.Unhealthy, group["a"].Verdict);
    }

    [Fact]
    public void One_lost_probe_never_moves_a_group()
    {
        Story group = Given.Settled("a", "b").Then(Probe.Failed("a"));
        Assert.Equal(GroupCondition.Switching, group.State.Condition);
        Assert.Equal("a", group.Active?.Name);

        group = group.Then(Probe.Succeeded("a"));

        Assert.Equal(GroupCondition.Settled, group.State.Condition);
        Assert.Empty(group.Published);
    }

    [Fact]
    public void As_many_failed_probes_as_the_threshold_asks_move_the_group_to_its_secondary()
    {
        Story group = Given.Settled("a", "b").Then(Probe.Failed("a"), Probe.Failed("a"));
        Assert.Equal("a", group.Active?.Name);

        group = group.Then(Probe.Failed("a"));

        Assert.Equal("b", group.Active?.Name);
        Assert.Equal(GroupCondition.Settled, group.State.Condition);
        Switchover told = Assert.Single(group.Published);
        Assert.Equal(SwitchoverCause.Failover, told.Cause);
        Assert.Equal("a", told.From?.Name);
        Assert.Equal("refused", told.Evidence);
        Assert.False(told.IsFinal);
        Assert.True(told.LastGood?.Elapsed < told.FirstFailure?.Elapsed);
        Assert.Equal(told.Detected, told.Switched);
        Assert.True(told.DetectionTime > TimeSpan.Zero);
    }

    [Fact]
    public void A_switchover_is_final_once_the_new_member_was_seen_working()
    {
        Story group = Given.Settled("a", "b").Then(Probe.Failed("a"), Probe.Failed("a"), Probe.Failed("a"), Probe.Succeeded("b"));

        Switchover[] told = [.. group.Published];
        Assert.Equal([1, 2], told.Select(s => s.Revision));
        Assert.Equal(told[0].Id, told[1].Id);
        Assert.True(told[1].IsFinal);
        Assert.NotNull(told[1].Verified);
        Assert.Equal(SwitchoverOutcome.Completed, told[1].Outcome);
    }

    [Fact]
    public void Three_failed_calls_in_a_row_move_the_group_without_waiting_for_a_probe()
    {
        Story group = Given.Settled("a", "b").AtOnce(Calls.Fail("a"), Calls.Fail("a"));
        Assert.Equal("a", group.Active?.Name);

        group = group.AtOnce(Calls.Fail("a"));

        Assert.Equal("b", group.Active?.Name);
    }

    [Fact]
    public void A_success_between_failed_calls_keeps_the_group_where_it_is()
    {
        Story group = Given.Settled("a", "b").AtOnce(Calls.Fail("a", 2), Calls.Succeed("a"), Calls.Fail("a", 2), Calls.Succeed("a"));

        Assert.Equal("a", group.Active?.Name);
        Assert.Empty(group.Published);
    }

    [Fact]
    public void Half_of_the_calls_failing_moves_the_group_though_never_three_fail_in_a_row()
    {
        Story group = Given.Settled("a", "b");
        for (int i = 0; i < 20 && group.Active?.Name == "a"; i++)
        {
            group = group.AtOnce(Calls.Succeed("a"), Calls.Fail("a"));
        }

        Assert.Equal("b", group.Active?.Name);
        Assert.Contains("of 20 calls failed", group["a"].Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public void Disputed_calls_alone_never_move_the_group()
    {
        Story group = Given.Settled("a", "b");
        for (int i = 0; i < 50; i++)
        {
            group = group.Then(Calls.Disputed("a", 5), Calls.Disputed("b", 5), Probe.Succeeded("a"), Probe.Succeeded("b"));
        }

        Assert.Equal("a", group.Active?.Name);
        Assert.Empty(group.Published);
    }

    [Fact]
    public void Disputed_calls_count_once_a_probe_fails_too()
    {
        Story group = Given.Settled("a", "b").AtOnce(Calls.Disputed("a", 2)).Then(Probe.Failed("a"));

        Assert.Equal("b", group.Active?.Name);
    }

    [Fact]
    public void Overdue_calls_make_a_member_suspect_and_a_failed_probe_decides()
    {
        Story group = Given.Settled("a", "b").AtOnce(Calls.Wait("a", 3, TimeSpan.FromSeconds(2)));
        Assert.Equal(GroupCondition.Switching, group.State.Condition);
        Assert.Equal("a", group.Active?.Name);
        Assert.Equal("a", group.Then(Probe.Succeeded("a")).Active?.Name);

        group = group.Then(Probe.Answers("a", ProbeResult.Timeout("no answer")));

        Assert.Equal("b", group.Active?.Name);
    }

    [Fact]
    public void The_probe_that_overdue_calls_ask_for_has_a_short_limit()
    {
        Story group = Given.Settled("a", "b").Pass(TimeSpan.FromSeconds(3), _ => ProbeResult.Success()).Forget().AtOnce(Calls.Wait("a", 3, TimeSpan.FromSeconds(2)));

        Failover.Engine.Probe asked = group.Effects.OfType<Failover.Engine.Probe>().Single(p => p.Member.Name == "a");
        Assert.Equal(Given.Priority.ConfirmTimeout, asked.Timeout);
    }

    [Fact]
    public void Calls_that_succeed_stand_for_three_of_four_probes()
    {
        Story group = Given.Settled("a", "b").Pass(TimeSpan.FromSeconds(1), _ => ProbeResult.Success()).Forget();
        for (int i = 0; i < 60; i++)
        {
            group = group.Then(Calls.Succeed("a", 100)).Pass(TimeSpan.Zero, _ => ProbeResult.Success());
        }

        Assert.Equal(3, group.Effects.OfType<Failover.Engine.Probe>().Count(p => p.Member.Name == "a"));
        Assert.InRange(group.Effects.OfType<Failover.Engine.Probe>().Count(p => p.Member.Name == "b"), 10, 13);
    }

    [Fact]
    public void The_old_failures_of_a_member_are_forgotten_once_it_has_recovered()
    {
        Story group = Given.Settled("a", "b").AtOnce(Calls.Fail("a", 3)).Then(Probe.Succeeded("a"), Probe.Succeeded("a"), Probe.Succeeded("a"));
        Assert.Equal(Verdict.Healthy, group["a"].Verdict);

        group = group.AtOnce(Calls.Fail("a"));

        Assert.Equal(Verdict.Suspect, group["a"].Verdict);
    }

    [Fact]
    public void With_no_healthy_member_the_group_waits_and_then_says_that_it_is_unavailable()
    {
        Story group = Given.Settled("a", "b").Pass(TimeSpan.FromSeconds(40), _ => ProbeResult.Failure("refused"));
        Assert.Equal(GroupCondition.Switching, group.State.Condition);

        group = group.Pass(TimeSpan.FromSeconds(60), _ => ProbeResult.Failure("refused"));

        Assert.Equal(GroupCondition.Unavailable, group.State.Condition);
        Assert.Null(group.Active);
        Assert.Equal(["a", "b"], group.State.Route.Select(m => m.Name));
        Assert.Empty(group.Published);
    }

    [Fact]
    public void The_same_member_coming_back_is_no_switchover()
    {
        Story group = Given.Settled("a", "b")
            .Pass(TimeSpan.FromMinutes(2), _ => ProbeResult.Failure("refused"))
            .Pass(TimeSpan.FromSeconds(20), m => m.Name == "a" ? ProbeResult.Success() : ProbeResult.Failure("refused"));

        Assert.Equal("a", group.Active?.Name);
        Assert.Equal(GroupCondition.Settled, group.State.Condition);
        Assert.Empty(group.Published);
    }

    [Fact]
    public void A_group_without_any_answer_is_unavailable_after_the_start_timeout_and_still_settles_later()
    {
        Story group = Given.Born(Given.Priority, "a", "b").Pass(TimeSpan.FromSeconds(29), _ => ProbeResult.Failure("refused"));
        Assert.Equal(GroupCondition.Starting, group.State.Condition);
        group = group.Pass(TimeSpan.FromSeconds(2), _ => ProbeResult.Failure("refused"));
        Assert.Equal(GroupCondition.Unavailable, group.State.Condition);

        group = group.Pass(TimeSpan.FromSeconds(20), _ => ProbeResult.Success());

        Assert.Equal(GroupCondition.Settled, group.State.Condition);
        Assert.Equal(SwitchoverCause.Initial, group.Published.First().Cause);
    }
}
