using Failover.Engine;

namespace Failover.Tests.Engine;

public class CallTests
{
    [Fact]
    public void Calls_that_fail_after_the_one_that_ended_an_outage_count_even_if_one_reading_shows_both()
    {
        Story group = Given.Settled(Given.Priority with { Rise = 1 }, "a", "b").AtOnce(Calls.Fail("a", 3));
        Assert.Equal("b", group.Active?.Name);
        MemberState a = group["a"];
        MeterReading both = a.Reading with { Succeeded = a.Reading.Succeeded + 1, Failed = a.Reading.Failed + 3, FailuresInARow = 3 };

        group = group.Feed(new MeterRead(a.Member, a.Incarnation, both), group.Now);

        Assert.Equal(Verdict.Unhealthy, group["a"].Verdict);
    }

    [Fact]
    public void The_evidence_of_a_call_in_doubt_says_nothing_of_members_on_which_none_was_seen()
    {
        Story group = Given.Settled("a", "b").AtOnce(Calls.Disputed("a"));
        Assert.Equal("1 call failed, and may be at fault itself", group["a"].Evidence);

        group = group.AtOnce(Calls.Disputed("a"));

        Assert.Equal("2 calls failed, and may be at fault themselves", group["a"].Evidence);
        Assert.Equal("a is suspect: 2 calls failed, and may be at fault themselves", group.State.Reason);
    }

    [Fact]
    public void The_evidence_of_calls_in_doubt_counts_those_that_failed_on_other_members()
    {
        Story group = Given.Settled("a", "b", "c").AtOnce(Calls.Disputed("a", 2), Calls.Disputed("b"), Calls.Disputed("c"));

        Assert.Equal("1 call failed, and may be at fault itself; so may 3 that failed on other members", group["c"].Evidence);
    }

    [Fact]
    public void Calls_in_doubt_that_an_answer_has_cleared_are_no_evidence_any_more()
    {
        Story group = Given.Settled("a", "b").AtOnce(Calls.Disputed("a", 2), Calls.Succeed("a"), Calls.Disputed("b"));

        Assert.Equal("1 call failed, and may be at fault itself", group["b"].Evidence);
    }
}
