using Failover.Engine;

namespace Failover.Tests.Engine;

public class SwitchbackTests
{
    private static Story OnSecondary(Func<GroupSettings, GroupSettings>? change = null) =>
        Given.Settled((change ?? (s => s))(Given.Priority), "a", "b")
            .Then(Probe.Failed("a"), Probe.Failed("a"), Probe.Failed("a"), Probe.Succeeded("b"))
            .Forget();

    [Fact]
    public void The_group_goes_back_once_the_preferred_member_was_healthy_for_the_hold_down()
    {
        Story group = OnSecondary().Pass(TimeSpan.FromSeconds(30), _ => ProbeResult.Success());
        Assert.Equal("b", group.Active?.Name);
        Assert.True(group.State.SwitchbackPending);

        group = group.Pass(TimeSpan.FromSeconds(15), _ => ProbeResult.Success());

        Assert.Equal("a", group.Active?.Name);
        Assert.Equal(SwitchoverCause.Switchback, group.Published.First().Cause);
        Assert.False(group.State.SwitchbackPending);
    }

    [Fact]
    public void A_failure_during_the_hold_down_begins_it_anew()
    {
        Story group = OnSecondary().Pass(TimeSpan.FromSeconds(28), _ => ProbeResult.Success());
        group = group.Then(Probe.Failed("a")).Pass(TimeSpan.FromSeconds(20), _ => ProbeResult.Success());

        Assert.Equal("b", group.Active?.Name);
    }

    [Fact]
    public void A_hold_down_does_not_delay_a_failover()
    {
        Story group = OnSecondary().Pass(TimeSpan.FromSeconds(10), _ => ProbeResult.Success()).AtOnce(Calls.Fail("b", 3));

        Assert.Equal("a", group.Active?.Name);
        Assert.Equal(SwitchoverCause.Failover, group.Published.First().Cause);
    }

    [Theory]
    [InlineData(SwitchbackMode.Manual, true)]
    [InlineData(SwitchbackMode.Never, false)]
    public void Without_auto_the_group_stays_until_somebody_asks(SwitchbackMode mode, bool pending)
    {
        Story group = OnSecondary(s => s with { SwitchbackMode = mode }).Pass(TimeSpan.FromHours(2), _ => ProbeResult.Success());
        Assert.Equal("b", group.Active?.Name);
        Assert.Equal(pending, group.State.SwitchbackPending);

        group = group.AtOnce(Ask.Switch("a"));

        Assert.Equal("a", group.Active?.Name);
        Assert.Equal(SwitchoverCause.Manual, group.Published.First().Cause);
    }

    [Fact]
    public void Each_flap_doubles_the_hold_down_up_to_the_maximum_and_calm_halves_it()
    {
        Story group = OnSecondary();
        List<double> waits = [];
        for (int i = 0; i < 8; i++)
        {
            TimeSpan begin = group.Now;
            while (group.Active?.Name == "b")
            {
                group = group.Pass(TimeSpan.FromSeconds(1), _ => ProbeResult.Success());
            }

            waits.Add((group.Now - begin).TotalSeconds);
            group = group.AtOnce(Calls.Fail("a", 3));
        }

        Assert.InRange(waits[0], 30, 45);
        Assert.InRange(waits[1], 60, 80);
        Assert.InRange(waits[2], 120, 155);
        Assert.All(waits.Skip(6), w => Assert.InRange(w, 300, 730));
        Assert.True(waits.Max() <= 730);

        group = group.Pass(TimeSpan.FromHours(5), m => m.Name == "a" ? ProbeResult.Failure("down") : ProbeResult.Success());
        TimeSpan recovered = group.Now;
        while (group.Active?.Name == "b")
        {
            group = group.Pass(TimeSpan.FromSeconds(1), _ => ProbeResult.Success());
        }

        Assert.InRange((group.Now - recovered).TotalSeconds, 30, 60);
    }

    [Fact]
    public void Of_two_preferred_members_the_one_that_has_waited_is_taken()
    {
        Story group = Given.Settled("a", "b", "c")
            .Pass(TimeSpan.FromSeconds(10), m => m.Name == "c" ? ProbeResult.Success() : ProbeResult.Failure("down"));
        Assert.Equal("c", group.Active?.Name);

        // a flaps for ever; b is well.
        int asked = 0;
        group = group.Pass(TimeSpan.FromMinutes(3), m => m.Name == "a" && ++asked % 7 == 0 ? ProbeResult.Failure("flaps") : ProbeResult.Success());

        Assert.Equal("b", group.Active?.Name);
    }
}
