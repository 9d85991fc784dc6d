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

    private static Happening Held(double seconds) => Ask.Hint(new Hint(HintKind.Hold, "watch") { HoldFor = TimeSpan.FromSeconds(seconds) });

    private static Story Led() => Given.Born(Given.Role, "a", "b").Then(Probe.Primary("a", 1), Probe.Replica("b", 1));

    private static ProbeResult Leads(FailoverMember member) => ProbeResult.Success(member.Name == "a" ? MemberRole.Primary : MemberRole.Replica, new Epoch("L", 1));

    [Fact]
    public void Holds_that_are_asked_for_again_and_again_end_after_30_seconds_in_all()
    {
        Story group = Led();
        int held = 0;
        for (int second = 0; second < 600; second++)
        {
            group = group.AtOnce(Held(5)).Pass(TimeSpan.FromSeconds(1), Leads);
            held += group.State.Condition == GroupCondition.Switching ? 1 : 0;
        }

        Assert.Equal("a", group.Active?.Name);
        Assert.Equal(GroupCondition.Settled, group.State.Condition);
        Assert.InRange(held, 28, 30);
    }

    [Fact]
    public void Holds_count_anew_once_another_primary_has_proven_itself()
    {
        Story group = Led();
        for (int i = 0; i < 60; i++)
        {
            group = group.AtOnce(Held(5)).Pass(TimeSpan.FromSeconds(1), Leads);
        }

        group = group.Then(Probe.Primary("b", 2), Probe.Replica("a", 2));
        Assert.Equal("b", group.Active?.Name);
        Assert.Equal(GroupCondition.Settled, group.State.Condition);

        Assert.Equal(GroupCondition.Switching, group.AtOnce(Held(5)).State.Condition);
    }

    [Fact]
    public void Holds_count_anew_after_a_rest()
    {
        Story group = Led().AtOnce(Held(30)).Pass(TimeSpan.FromSeconds(31), Leads).AtOnce(Held(30));
        Assert.Equal(GroupCondition.Settled, group.State.Condition);

        group = group.Pass(TimeSpan.FromSeconds(31), Leads).AtOnce(Held(30));

        Assert.Equal(GroupCondition.Switching, group.State.Condition);
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
