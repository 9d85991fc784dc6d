using Failover.Engine;

namespace Failover.Tests.Engine;

public class HintTests
{
    private static Happening Bound(string member, long number) =>
        Ask.Hint(new Hint(HintKind.LookNow, "quorum") { Member = Given.Member(member), QuorumEpoch = new Epoch("set", number) });

    [Fact]
    public void Hints_do_not_hurry_a_probe_that_was_left_behind()
    {
        Story group = Given.Settled("a", "b").Then(Probe.Answers("a", ProbeResult.Timeout("late"), stillRunning: true));
        for (int i = 0; i < 10; i++)
        {
            group = group.AtOnce(Ask.Hint(new Hint(HintKind.LookNow, "test"))).Pass(TimeSpan.FromMilliseconds(50));
        }

        Assert.Equal(Verdict.Suspect, group["a"].Verdict);
        Assert.Equal("a", group.Active?.Name);
    }

    [Fact]
    public void A_probe_that_is_left_behind_after_a_hint_counts_once()
    {
        Story group = Given.Settled("a", "b");
        group = group.Feed(Tick.Instance, group["a"].NextProbe);
        group = group.AtOnce(Ask.Hint(new Hint(HintKind.LookNow, "test")), Probe.Answers("a", ProbeResult.Timeout("late"), stillRunning: true));

        group = group.Pass(TimeSpan.Zero);

        Assert.Equal(1, group["a"].Against);
    }

    [Fact]
    public void A_word_of_the_quorum_that_was_overtaken_by_a_later_one_says_nothing()
    {
        Story group = Given.Born(Given.Role, "a", "b").AtOnce(Bound("a", 5)).Then(Probe.Primary("a"), Probe.Replica("b"));
        Assert.Equal("a", group.Active?.Name);

        group = group.AtOnce(Bound("a", 3));

        Assert.Equal("a", group.Active?.Name);
        Assert.Equal(GroupCondition.Settled, group.State.Condition);
    }

    [Fact]
    public void A_lineage_that_is_bound_by_a_quorum_is_not_silent_while_its_primary_proves_itself()
    {
        GroupSettings settings = Given.Role with { WhenOldSilentFor = TimeSpan.FromSeconds(60) };
        Story group = Given.Born(settings, "a", "b").AtOnce(Bound("a", 5)).Then(Probe.Primary("a"), Probe.Replica("b"));
        group = group.Pass(TimeSpan.FromMinutes(5), m => ProbeResult.Success(m.Name == "a" ? MemberRole.Primary : MemberRole.Replica, null));

        group = group.AtOnce(Ask.Hint(new Hint(HintKind.LookNow, "other") { Member = Given.Member("b"), QuorumEpoch = new Epoch("other", 1) }));
        group = group.Then(Probe.Replica("a"), Probe.Primary("b"));

        Assert.Null(group.Active);
    }
}
