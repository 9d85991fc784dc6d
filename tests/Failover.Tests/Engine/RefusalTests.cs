using Failover.Engine;

namespace Failover.Tests.Engine;

/// <summary>A probe that the member failed by its own word, and calls that succeed beside it: a server that answers with headers and breaks off in the body.</summary>
public class RefusalTests
{
    private static readonly TimeSpan Tenth = TimeSpan.FromMilliseconds(100);

    [Fact]
    public void A_member_that_fails_its_probes_by_its_own_word_is_left_though_calls_succeed_in_between()
    {
        Story group = Given.Settled("a", "b")
            .Then(Probe.Failed("a"), Calls.Succeed("a", 100), Probe.Failed("a"), Calls.Succeed("a", 100));
        Assert.Equal(Verdict.Suspect, group["a"].Verdict);
        Assert.Equal(GroupCondition.Switching, group.State.Condition);
        Assert.Equal("a", group.Active?.Name);

        group = group.Then(Probe.Failed("a"));

        Assert.Equal("b", group.Active?.Name);
        Assert.Equal("refused", group.Published.First().Evidence);
    }

    [Fact]
    public void Calls_that_succeed_contradict_a_probe_without_an_answer()
    {
        Story group = Given.Settled("a", "b");
        for (int i = 0; i < 10; i++)
        {
            group = group.Then(Probe.Answers("a", ProbeResult.Timeout("no answer")), Calls.Succeed("a"));
            Assert.Equal(Verdict.Healthy, group["a"].Verdict);
        }

        Assert.Equal("a", group.Active?.Name);
        Assert.Empty(group.Published);
    }

    [Fact]
    public void Calls_take_back_the_probes_without_an_answer_and_leave_those_that_were_refused()
    {
        Story group = Given.Settled("a", "b")
            .Then(Probe.Failed("a"), Probe.Answers("a", ProbeResult.Timeout("no answer")), Calls.Succeed("a"), Probe.Failed("a"));
        Assert.Equal("a", group.Active?.Name);

        Assert.Equal("b", group.Then(Probe.Failed("a")).Active?.Name);
    }

    [Fact]
    public void One_probe_that_succeeds_clears_the_suspicion()
    {
        Story group = Given.Settled("a", "b").Then(Probe.Failed("a"), Probe.Failed("a"), Calls.Succeed("a"), Probe.Succeeded("a"));
        Assert.Equal(GroupCondition.Settled, group.State.Condition);

        group = group.Then(Probe.Failed("a"), Probe.Failed("a"), Calls.Succeed("a"));

        Assert.Equal("a", group.Active?.Name);
    }

    [Fact]
    public void Calls_that_succeed_hurry_the_probe_that_alone_can_end_an_outage()
    {
        Story group = Given.Settled("a", "b").Pass(TimeSpan.FromMinutes(5), m => m.Name == "a" ? ProbeResult.Failure("half a body") : ProbeResult.Success());
        Assert.Equal("b", group.Active?.Name);

        group = group.Then(Calls.Succeed("a", 100));
        Assert.Equal(Verdict.Unhealthy, group["a"].Verdict);
        Assert.True(group["a"].Probing || group["a"].NextProbe - group.Now <= Given.Priority.TransitionInterval, $"next probe at {group["a"].NextProbe}, now {group.Now}");

        group = group.Then(Probe.Succeeded("a"), Calls.Succeed("a", 2));

        Assert.Equal(Verdict.Healthy, group["a"].Verdict);
    }

    [Fact]
    public void A_member_whose_calls_succeed_without_a_pause_and_whose_probes_fail_is_left()
    {
        Story group = Given.Settled("a", "b");
        for (int i = 0; i < 600 && group.Active?.Name == "a"; i++)
        {
            group = group.AtOnce(Calls.Succeed("a", 100)).Pass(Tenth, m => m.Name == "a" ? ProbeResult.Failure("half a body") : ProbeResult.Success());
        }

        Assert.Equal("b", group.Active?.Name);
        Assert.Equal("half a body", group.Published.First().Evidence);
    }
}
