using Failover.Keepalived.Publishing;
using Failover.Keepalived.Sites;

namespace Failover.Keepalived.Tests.Publishing;

/// <summary>What a node tells keepalived of itself. Without a clock, a file or a keepalived.</summary>
public class ConductTests
{
    private static readonly ConductFacts Fit = new() { IsStarted = true, CanServe = true };
    private static readonly ConductFacts Sick = new() { IsStarted = true, CanServe = false, Why = "db unhealthy" };
    private static readonly ConductSettings Preferred = new(true, true, TimeSpan.FromSeconds(30), TimeSpan.Zero);
    private static readonly ConductSettings Other = Preferred with { IsPreferred = false };
    private static readonly ConductSettings ByHand = Preferred with { TakesBack = false };

    [Fact]
    public void A_node_is_unproven_until_its_checks_have_passed_once_and_ready_then()
    {
        ConductState state = After(new(), Preferred, new ConductFacts());
        Assert.Equal(Credit.Unproven, state.Credit);

        Assert.Equal(Credit.Ready, After(state, Preferred, Fit).Credit);
    }

    [Fact]
    public void A_node_that_starts_waits_to_hear_its_peer_and_leaves_it_the_address_that_it_has()
    {
        ConductSettings settings = Preferred with { PeerGrace = TimeSpan.FromSeconds(2) };
        ConductState state = Conduct.Next(new(), Fit with { Role = VrrpRole.Backup }, settings, At(1));
        Assert.Equal((Credit.Unproven, At(3)), (state.Credit, state.NextLook));
        Assert.Null(Conduct.Next(state, Sick with { Role = VrrpRole.Backup }, settings, At(2)).NextLook);

        Assert.Equal(Credit.Hold, Conduct.Next(state, (Fit with { Role = VrrpRole.Backup }).WithPeer(VrrpRole.Master), settings, At(2)).Credit);
        Assert.Equal(Credit.Ready, Conduct.Next(state, (Fit with { Role = VrrpRole.Backup }).WithPeer(VrrpRole.Backup), settings, At(2)).Credit);
        Assert.Equal(Credit.Ready, Conduct.Next(state, Fit with { Role = VrrpRole.Backup }, settings, At(3)).Credit);
    }

    [Fact]
    public void A_node_that_wakes_up_has_a_second_for_its_checks_to_run_before_what_it_knew_counts_as_a_failure()
    {
        ConductFacts fit = (Fit with { Role = VrrpRole.Master }).WithPeer(VrrpRole.Backup);
        ConductFacts stale = fit with { CanServe = false, IsStale = true, Why = "spool stale" };
        ConductState state = Conduct.Next(After(new(), Preferred, fit), stale, Preferred, At(10));
        Assert.Equal((Credit.Ready, At(11)), (state.Credit, state.NextLook));

        ConductState awake = Conduct.Next(state, fit, Preferred, At(10)), still = Conduct.Next(state, stale, Preferred, At(11));
        Assert.Equal((Credit.Ready, null), (awake.Credit, awake.NextLook));
        Assert.Equal(Credit.Fault, Conduct.Next(state, stale with { IsStale = false, Why = "spool unhealthy" }, Preferred, At(10)).Credit);
        Assert.Equal((Credit.Fault, "spool stale"), (still.Credit, still.Reason));
    }

    [Fact]
    public void A_node_that_fails_goes_to_fault_only_if_the_peer_provably_could_serve()
    {
        Assert.Equal(Credit.Fault, After(new(), Preferred, (Sick with { Role = VrrpRole.Master }).WithPeer(VrrpRole.Backup)).Credit);
        Assert.Equal(Credit.Fault, After(new(), Preferred, (Sick with { Role = VrrpRole.Backup }).WithPeer(VrrpRole.Master)).Credit);
    }

    [Theory]
    [InlineData(null, false, VrrpRole.Backup)]
    [InlineData(Credit.Unproven, true, VrrpRole.Backup)]
    [InlineData(Credit.Fault, true, VrrpRole.Backup)]
    [InlineData(Credit.Ready, false, VrrpRole.Backup)]
    [InlineData(Credit.Ready, true, VrrpRole.Out)]
    [InlineData(Credit.Ready, true, null)]
    public void A_node_that_fails_keeps_the_address_if_the_peer_is_not_known_to_be_better_and_does_not_draw_it_to_itself(Credit? peer, bool peerCanServe, object? peerRole)
    {
        // A peer that is fit, and whose keepalived has gone or is in fault, cannot have the address either.
        ConductFacts facts = Sick with { PeerCredit = peer, PeerCanServe = peerCanServe, PeerRole = (VrrpRole?)peerRole };

        Assert.Equal(Credit.Hold, After(new(), Preferred, facts with { Role = VrrpRole.Master }).Credit);
        Assert.Equal(Credit.Hold, After(new(), Other, facts with { Role = VrrpRole.Master }).Credit);
        Assert.Equal(Credit.Unproven, After(new(), Preferred, facts with { Role = VrrpRole.Backup }).Credit);
        Assert.Equal(Credit.Unproven, After(new(), Other, facts with { Role = VrrpRole.Out }).Credit);
    }

    [Fact]
    public void A_node_in_fault_leaves_it_when_the_peer_fails_too()
    {
        ConductState fault = After(new(), Preferred, Sick.WithPeer(VrrpRole.Master));
        Assert.Equal(Credit.Fault, fault.Credit);

        Assert.Equal(Credit.Unproven, After(fault, Preferred, Sick with { PeerRole = VrrpRole.Master, PeerCredit = Credit.Hold, PeerCanServe = false }).Credit);
        Assert.Equal(Credit.Unproven, After(fault, Preferred, Sick).Credit);
    }

    [Fact]
    public void The_preferred_node_that_comes_back_leaves_the_address_to_the_peer_until_the_hold_down_is_over()
    {
        ConductState sick = After(new(), Preferred, Sick.WithPeer(VrrpRole.Master));
        ConductFacts back = Fit with { Role = VrrpRole.Backup };

        ConductState held = Conduct.Next(sick, back.WithPeer(VrrpRole.Master), Preferred, At(10));
        Assert.Equal((Credit.Hold, At(11)), (held.Credit, held.NextLook));
        Assert.Equal(Credit.Hold, Conduct.Next(held, back.WithPeer(VrrpRole.Master), Preferred, At(39)).Credit);
        Assert.Equal(Credit.Ready, Conduct.Next(held, back.WithPeer(VrrpRole.Master), Preferred, At(40)).Credit);
    }

    [Fact]
    public void A_preferred_node_that_fails_again_in_its_hold_down_begins_it_anew()
    {
        ConductFacts back = (Fit with { Role = VrrpRole.Backup }).WithPeer(VrrpRole.Master);
        ConductState held = Conduct.Next(After(new(), Preferred, Sick.WithPeer(VrrpRole.Master)), back, Preferred, At(10));
        ConductState sick = Conduct.Next(held, Sick.WithPeer(VrrpRole.Master), Preferred, At(20));

        ConductState again = Conduct.Next(sick, back, Preferred, At(25));

        Assert.Equal(Credit.Hold, Conduct.Next(again, back, Preferred, At(54)).Credit);
        Assert.Equal(Credit.Ready, Conduct.Next(again, back, Preferred, At(55)).Credit);
    }

    [Fact]
    public void The_preferred_node_whose_keepalived_or_network_comes_back_leaves_the_address_to_the_peer_too()
    {
        ConductState master = Conduct.Next(new(), (Fit with { Role = VrrpRole.Master }).WithPeer(VrrpRole.Backup), Preferred, At(1));
        Assert.Equal(Credit.Ready, master.Credit);

        ConductState gone = Conduct.Next(master, (Fit with { Role = VrrpRole.Out }).WithPeer(VrrpRole.Master), Preferred, At(10));
        ConductState stillGone = Conduct.Next(gone, (Fit with { Role = VrrpRole.Out }).WithPeer(VrrpRole.Master), Preferred, At(100));
        ConductState back = Conduct.Next(stillGone, (Fit with { Role = VrrpRole.Backup }).WithPeer(VrrpRole.Master), Preferred, At(101));

        Assert.Equal((Credit.Hold, Credit.Hold), (gone.Credit, back.Credit));
        Assert.Equal(Credit.Hold, Conduct.Next(back, (Fit with { Role = VrrpRole.Backup }).WithPeer(VrrpRole.Master), Preferred, At(129)).Credit);
        Assert.Equal(Credit.Ready, Conduct.Next(back, (Fit with { Role = VrrpRole.Backup }).WithPeer(VrrpRole.Master), Preferred, At(130)).Credit);

        // With no hold-down at all it is not looked at again and again meanwhile.
        ConductState none = Conduct.Next(master, (Fit with { Role = VrrpRole.Out }).WithPeer(VrrpRole.Master), Preferred with { HoldDown = TimeSpan.Zero }, At(10));
        Assert.Equal(At(11), none.NextLook);
    }

    [Fact]
    public void The_preferred_node_that_lost_the_address_while_it_was_fit_leaves_it_to_a_peer_that_is_a_good_master_and_else_takes_it_back()
    {
        // It hung, and keepalived's script moved the address meanwhile. What it knew of the peer is of before that.
        ConductSettings settings = Preferred with { PeerGrace = TimeSpan.FromSeconds(2) };
        ConductState master = Conduct.Next(new(), (Fit with { Role = VrrpRole.Master }).WithPeer(VrrpRole.Backup), settings, At(1));
        Assert.Equal(Credit.Ready, master.Credit);

        ConductState lost = Conduct.Next(master, (Fit with { Role = VrrpRole.Backup }).WithPeer(VrrpRole.Backup), settings, At(10));
        Assert.Equal((Credit.Hold, At(12)), (lost.Credit, lost.NextLook));
        ConductState held = Conduct.Next(lost, (Fit with { Role = VrrpRole.Backup }).WithPeer(VrrpRole.Master), settings, At(11));
        Assert.Equal(Credit.Hold, Conduct.Next(held, (Fit with { Role = VrrpRole.Backup }).WithPeer(VrrpRole.Master), settings, At(40)).Credit);
        Assert.Equal(Credit.Ready, Conduct.Next(held, (Fit with { Role = VrrpRole.Backup }).WithPeer(VrrpRole.Master), settings, At(41)).Credit);
        Assert.Equal(Credit.Hold, Conduct.Next(held, (Fit with { Role = VrrpRole.Backup }).WithPeer(VrrpRole.Master), settings with { TakesBack = false }, At(3600)).Credit);

        // Nobody is heard who has it, or who has it cannot serve.
        Assert.Equal(Credit.Hold, Conduct.Next(lost, Fit with { Role = VrrpRole.Backup }, settings, At(11)).Credit);
        Assert.Equal(Credit.Ready, Conduct.Next(lost, Fit with { Role = VrrpRole.Backup }, settings, At(12)).Credit);
        Assert.Equal(Credit.Ready, Conduct.Next(lost, (Fit with { Role = VrrpRole.Backup }).WithPeer(VrrpRole.Master) with { PeerCanServe = false }, settings, At(12)).Credit);
        Assert.Equal(Credit.Ready, Conduct.Next(lost, Fit with { Role = VrrpRole.Master }, settings, At(11)).Credit);
    }

    [Fact]
    public void The_preferred_node_that_lost_the_address_leaves_it_also_if_its_keepalived_took_no_part_or_its_checks_failed_for_a_moment_meanwhile()
    {
        ConductSettings settings = ByHand with { PeerGrace = TimeSpan.FromSeconds(2) };
        ConductFacts unheard = Fit with { Role = VrrpRole.Backup };
        ConductState master = Conduct.Next(new(), (Fit with { Role = VrrpRole.Master }).WithPeer(VrrpRole.Backup), settings, At(1));

        ConductState back = Conduct.Next(Conduct.Next(master, unheard with { Role = VrrpRole.Out }, settings, At(9)), unheard, settings, At(10));
        Assert.Equal(Credit.Hold, Conduct.Next(back, unheard.WithPeer(VrrpRole.Master), settings, At(3600)).Credit);

        ConductState sick = Conduct.Next(master, Sick with { Role = VrrpRole.Backup }, settings, At(10));
        Assert.Equal(Credit.Unproven, sick.Credit);
        Assert.Equal(Credit.Hold, Conduct.Next(sick, unheard, settings, At(11)).Credit);
    }

    [Fact]
    public void The_other_node_that_loses_the_address_goes_on_to_be_ready()
    {
        ConductState master = After(new(), Other, (Fit with { Role = VrrpRole.Master }).WithPeer(VrrpRole.Backup));

        Assert.Equal(Credit.Ready, After(master, Other, (Fit with { Role = VrrpRole.Backup }).WithPeer(VrrpRole.Master)).Credit);
    }

    [Fact]
    public void Where_somebody_is_to_ask_for_it_the_preferred_node_never_takes_the_address_back_by_itself()
    {
        ConductFacts back = (Fit with { Role = VrrpRole.Backup }).WithPeer(VrrpRole.Master);

        ConductState held = After(After(new(), ByHand, Sick.WithPeer(VrrpRole.Master)), ByHand, back);

        Assert.Equal(Credit.Hold, Conduct.Next(held, back, ByHand, At(3600)).Credit);
        Assert.Equal(Credit.Ready, After(Conduct.TakeBack(held), ByHand, back).Credit);

        // What the settings say counts when it is looked at, not when the wait began.
        Assert.Equal(Credit.Ready, Conduct.Next(held, back, Preferred, At(3600)).Credit);
        Assert.Equal(Credit.Hold, Conduct.Next(After(After(new(), Preferred, Sick.WithPeer(VrrpRole.Master)), Preferred, back), back, ByHand, At(3600)).Credit);
    }

    [Fact]
    public void A_node_that_holds_back_is_ready_again_as_soon_as_it_is_master()
    {
        ConductState held = After(After(new(), ByHand, Sick.WithPeer(VrrpRole.Master)), ByHand, (Fit with { Role = VrrpRole.Backup }).WithPeer(VrrpRole.Master));

        ConductState master = After(held, ByHand, Fit with { Role = VrrpRole.Master });

        Assert.Equal((Credit.Ready, Holding.No), (master.Credit, master.Holding));
    }

    [Fact]
    public void The_other_node_never_holds_back_for_it_has_the_lower_priority()
    {
        ConductState state = After(After(new(), Other, Sick.WithPeer(VrrpRole.Master)), Other, (Fit with { Role = VrrpRole.Backup }).WithPeer(VrrpRole.Master));

        Assert.Equal(Credit.Ready, state.Credit);
    }

    [Fact]
    public void A_planned_move_holds_until_the_peer_has_the_address_and_on_the_preferred_node_until_somebody_asks()
    {
        ConductFacts master = (Fit with { Role = VrrpRole.Master }).WithPeer(VrrpRole.Backup);
        ConductState leaving = After(Conduct.Leave(After(new(), Preferred, master)), Preferred, master);
        Assert.Equal((Credit.Hold, Holding.Leaving), (leaving.Credit, leaving.Holding));

        ConductFacts backup = (Fit with { Role = VrrpRole.Backup }).WithPeer(VrrpRole.Master);
        ConductState left = Conduct.Next(leaving, backup, Preferred, At(3600));

        Assert.Equal((Credit.Hold, Holding.Waiting, (TimeSpan?)null), (left.Credit, left.Holding, left.NextLook));
        Assert.Equal(Credit.Hold, Conduct.Next(left, backup, Preferred, At(7200)).Credit);
    }

    [Fact]
    public void The_other_node_that_was_left_is_ready_again_only_when_the_preferred_one_has_told_that_it_is_ready()
    {
        ConductFacts master = (Fit with { Role = VrrpRole.Master }).WithPeer(VrrpRole.Backup) with { PeerCredit = Credit.Hold };
        ConductState leaving = After(Conduct.Leave(After(new(), Other, master)), Other, master);
        ConductFacts backup = (Fit with { Role = VrrpRole.Backup }).WithPeer(VrrpRole.Master) with { PeerCredit = Credit.Hold };

        ConductState left = After(leaving, Other, backup);
        Assert.Equal(Credit.Hold, left.Credit);

        Assert.Equal(Credit.Ready, After(left, Other, backup with { PeerCredit = Credit.Ready }).Credit);
    }

    [Fact]
    public void A_node_that_drains_moves_the_address_by_weight_and_one_that_has_ended_has_no_credit()
    {
        ConductFacts draining = (Fit with { Role = VrrpRole.Master, CanServe = false, IsDraining = true }).WithPeer(VrrpRole.Backup);

        Assert.Equal(Credit.Hold, After(new(), Preferred, draining).Credit);
        Assert.Equal(Credit.Unproven, After(new(), Preferred, draining with { HasEnded = true }).Credit);
    }

    [Fact]
    public void Of_two_that_hold_the_address_the_lower_one_yields_if_the_witness_has_it_with_the_other_and_looks_again_after_a_while()
    {
        ConductFacts dual = (Fit with { Role = VrrpRole.Master, IsToYield = true }).WithPeer(VrrpRole.Master);
        Assert.Equal(Credit.Ready, After(new(), Other, dual with { IsToYield = false }).Credit);
        Assert.Equal(Credit.Ready, After(new(), Preferred, dual).Credit);

        ConductState yielded = Conduct.Next(new(), dual, Other, At(1));
        Assert.Equal(Credit.Fault, yielded.Credit);
        ConductFacts alone = dual with { Role = VrrpRole.Out, IsToYield = false };
        Assert.Equal(Credit.Fault, Conduct.Next(yielded, alone, Other, At(2)).Credit);
        Assert.Equal(Credit.Ready, Conduct.Next(yielded, alone, Other, At(1) + Conduct.YieldTime).Credit);

        // The peer is gone: somebody has to have the address.
        Assert.Equal(Credit.Ready, Conduct.Next(yielded, alone with { PeerRole = null, PeerCredit = null, PeerCanServe = false }, Other, At(2)).Credit);
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);

    private static ConductState After(ConductState state, ConductSettings settings, ConductFacts facts) => Conduct.Next(state, facts, settings, At(5));
}
