using Failover.Engine;

namespace Failover.Tests.Engine;

/// <summary>Calls of which it is not known yet whether their failure was their own fault.</summary>
public class DoubtTests
{
    [Fact]
    public void A_probe_is_sent_at_once_when_a_call_is_in_doubt()
    {
        Story group = Given.Settled("a", "b").Pass(TimeSpan.FromSeconds(3), _ => ProbeResult.Success()).AtOnce(Calls.Disputed("a"));

        Assert.True(group["a"].Probing);
        Assert.Equal("a", group.Active?.Name);
    }

    [Fact]
    public void One_call_in_doubt_and_one_probe_that_fails_do_not_move_the_group()
    {
        Story group = Given.Settled("a", "b").AtOnce(Calls.Disputed("a")).Then(Probe.Failed("a"));

        Assert.Equal("a", group.Active?.Name);
        Assert.Equal(Verdict.Suspect, group["a"].Verdict);
    }

    [Fact]
    public void Calls_in_doubt_count_where_the_probe_has_failed_before_them()
    {
        Story group = Given.Settled("a", "b").Then(Probe.Failed("a")).AtOnce(Calls.Disputed("a"));
        Assert.Equal("a", group.Active?.Name);

        group = group.AtOnce(Calls.Disputed("a"));

        Assert.Equal("b", group.Active?.Name);
        Assert.Equal("2 calls failed, and may be at fault themselves", group["a"].Evidence);
    }

    [Fact]
    public void Calls_in_doubt_alone_move_nothing_after_a_probe_without_an_answer()
    {
        Story group = Given.Settled("a", "b").Then(Probe.Answers("a", ProbeResult.Timeout("no answer")));
        for (int i = 0; i < 10; i++)
        {
            group = group.AtOnce(Calls.Disputed("a"));
        }

        Assert.Equal("a", group.Active?.Name);
    }

    [Fact]
    public void A_call_that_fails_for_certain_confirms_those_that_were_in_doubt()
    {
        Story group = Given.Settled("a", "b").AtOnce(Calls.Disputed("a", 2));
        Assert.Equal("a", group.Active?.Name);

        group = group.AtOnce(Calls.Fail("a"));

        Assert.Equal("b", group.Active?.Name);
        Assert.Equal("3 calls failed in a row", group["a"].Evidence);
    }

    [Fact]
    public void A_call_that_was_in_doubt_and_failed_counts_once()
    {
        Story group = Given.Settled("a", "b").AtOnce(Calls.Disputed("a", 2), Calls.Confirmed("a"), Calls.Confirmed("a"));
        Assert.Equal("a", group.Active?.Name);
        Assert.Equal("2 calls failed in a row", group["a"].Evidence);

        group = group.AtOnce(Calls.Disputed("a"), Calls.Confirmed("a"));

        Assert.Equal("b", group.Active?.Name);
    }

    [Fact]
    public void A_failure_whose_doubt_was_cleared_before_it_was_known_makes_nobody_suspect_again_and_counts_all_the_same()
    {
        Story group = Given.Settled("a", "b");
        for (int i = 0; i < 2; i++)
        {
            group = group.Then(Calls.Disputed("a"), Probe.Succeeded("a"));
            Assert.Equal(Verdict.Healthy, group["a"].Verdict);
            group = group.AtOnce(Calls.Confirmed("a"));
            Assert.Equal(Verdict.Healthy, group["a"].Verdict);
        }

        group = group.Then(Calls.Disputed("a"), Probe.Succeeded("a"), Calls.Confirmed("a"));

        Assert.Equal("b", group.Active?.Name);
        Assert.Equal("3 calls failed in a row", group["a"].Evidence);
    }

    [Fact]
    public void Calls_that_succeed_meanwhile_leave_nothing_of_those_in_doubt()
    {
        Story byOrder = Given.Settled("a", "b").AtOnce(Calls.Disputed("a", 5), Calls.Succeed("a"), Calls.Fail("a"));
        Story byRole = Given.Born(Given.Role, "a", "b").Then(Probe.Primary("a", 1), Probe.Replica("b", 1)).AtOnce(Calls.Disputed("a", 5), Calls.Succeed("a"), Calls.Fail("a"));

        Assert.Equal("a", byOrder.Active?.Name);
        Assert.Equal("a", byRole.Active?.Name);
    }
}
