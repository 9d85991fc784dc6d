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

    [Theory]
    [InlineData(30, 2, 2)]
    [InlineData(30, 5, 5)]
    [InlineData(30, 20, 1)]
    [InlineData(30, 0.5, 0.5)]
    [InlineData(3, 2.5, 1.2)]
    [InlineData(2, 1, 1)]
    public void A_member_that_flaps_never_gets_its_traffic_back_however_the_probes_fall(double holdDown, double up, double down)
    {
        TimeSpan period = TimeSpan.FromSeconds(up + down);
        for (int offset = 0; offset < 20; offset++)
        {
            // Another part of the jitter's sequence, and another moment of the failover within the flapping.
            TimeSpan shift = offset * period / 20;
            Story group = OnSecondary(s => s with { HoldDown = TimeSpan.FromSeconds(holdDown) })
                .Pass(TimeSpan.FromSeconds(10 * offset), m => m.Name == "a" ? ProbeResult.Failure("down") : ProbeResult.Success());

            group = group.Pass(TimeSpan.FromHours(1), (member, now) =>
                member.Name == "a" && (now + shift).Ticks % period.Ticks < TimeSpan.FromSeconds(down).Ticks ? ProbeResult.Failure("flaps") : ProbeResult.Success());

            Assert.DoesNotContain(group.Published, s => s.Cause == SwitchoverCause.Switchback);
            Assert.Equal("b", group.Active?.Name);
        }
    }

    [Fact]
    public void Calls_that_were_under_way_when_a_member_was_given_up_do_not_bring_it_back_by_themselves()
    {
        Story group = Given.Settled(Given.Priority with { HoldDown = TimeSpan.FromSeconds(2) }, "a", "b")
            .AtOnce(Calls.Fail("a", 3), Calls.Succeed("a", 3))
            .Forget();
        Assert.Equal("b", group.Active?.Name);

        group = group.Pass(TimeSpan.FromMinutes(1), m => m.Name == "a" ? ProbeResult.Failure("down") : ProbeResult.Success());

        Assert.Equal("b", group.Active?.Name);
        Assert.DoesNotContain(group.Published, s => s.Cause == SwitchoverCause.Switchback);
    }

    [Fact]
    public void When_the_time_of_the_hold_down_is_over_the_group_stays_until_the_look_at_its_end_is_answered()
    {
        Story group = OnSecondary(s => s with { HoldDown = TimeSpan.FromSeconds(0.1) })
            .Then(Probe.Succeeded("a"), Probe.Succeeded("a"), Probe.Succeeded("a"));
        TimeSpan end = group.State.SwitchbackAt!.Value;

        group = group.Pass(end - group.Now);
        Assert.Equal("b", group.Active?.Name);
        Assert.True(group["a"].Probing);
        Assert.Equal(end, group["a"].LastProbeStart);

        Assert.Equal("a", group.AtOnce(Probe.Succeeded("a")).Active?.Name);
        Assert.Equal("b", group.AtOnce(Probe.Failed("a")).Active?.Name);
    }

    [Fact]
    public void Of_two_members_whose_hold_downs_end_together_the_preferred_one_is_waited_for()
    {
        Story group = Given.Settled("a", "b", "c").AtOnce(Ask.Drain("a"), Ask.Drain("b"), Ask.Undrain("a"), Ask.Undrain("b"));
        TimeSpan end = group.State.SwitchbackAt!.Value;
        group = group.Pass(end - group.Now - TimeSpan.FromTicks(1), _ => ProbeResult.Success()).Pass(TimeSpan.FromTicks(1));
        Assert.Equal("c", group.Active?.Name);

        group = group.AtOnce(Probe.Succeeded("b"));
        Assert.Equal("c", group.Active?.Name);

        Assert.Equal("a", group.AtOnce(Probe.Succeeded("a")).Active?.Name);
        Assert.Equal("b", group.AtOnce(Probe.Failed("a")).Active?.Name);
    }

    [Fact]
    public void A_preferred_member_is_probed_often_while_its_hold_down_runs_and_not_while_somebody_is_waited_for()
    {
        Assert.InRange(ProbesOfA(SwitchbackMode.Auto), 29, 70);
        Assert.InRange(ProbesOfA(SwitchbackMode.Manual), 5, 7);
        Assert.InRange(ProbesOfA(SwitchbackMode.Never), 5, 7);

        static int ProbesOfA(SwitchbackMode mode) =>
            OnSecondary(s => s with { SwitchbackMode = mode, HoldDown = TimeSpan.FromHours(1), MaxHoldDown = TimeSpan.FromHours(1) })
                .Pass(TimeSpan.FromMinutes(1), _ => ProbeResult.Success())
                .Forget()
                .Pass(TimeSpan.FromSeconds(30), _ => ProbeResult.Success())
                .Effects.OfType<Failover.Engine.Probe>().Count(p => p.Member.Name == "a");
    }
}
