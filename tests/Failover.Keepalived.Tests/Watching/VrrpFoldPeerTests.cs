using Failover.Keepalived.Sites;
using Failover.Keepalived.Watching;

namespace Failover.Keepalived.Tests.Watching;

/// <summary>What the claim of the peer, and another holder on the wire, add to how a node stands.</summary>
public class VrrpFoldPeerTests
{
    [Fact]
    public void What_the_peer_says_is_told_and_forgotten_when_it_is_not_heard_any_more()
    {
        Watched node = Watched.Backup().PeerIs(VrrpRole.Master, Credit.Hold);
        Assert.Equal((VrrpRole.Master, Credit.Hold, true), (node.View.PeerRole, node.View.PeerCredit, node.View.PeerCanServe));

        node.PeerIsSilent();
        Assert.Equal(((VrrpRole?)null, (Credit?)null, false), (node.View.PeerRole, node.View.PeerCredit, node.View.PeerCanServe));
    }

    [Fact]
    public void A_peer_that_claims_nothing_of_the_address_may_serve_all_the_same()
    {
        Watched node = Watched.Backup();
        VrrpState state = VrrpFold.Apply(node.State, new PeerHeard(new(null, true, 1)), Watched.Names, TimeSpan.Zero);

        Assert.Equal(((VrrpRole?)null, (Credit?)null, true), (state.View.PeerRole, state.View.PeerCredit, state.View.PeerCanServe));
    }

    [Fact]
    public void A_claim_that_comes_late_does_not_replace_a_newer_one()
    {
        VrrpState state = Watched.Backup().PeerIs(VrrpRole.Backup).PeerIs(VrrpRole.Master).State;

        state = VrrpFold.Apply(state, new PeerHeard(new(new(VrrpRole.Backup, Credit.Ready), true, 1)), Watched.Names, TimeSpan.Zero);

        Assert.Equal(VrrpRole.Master, state.View.PeerRole);
    }

    [Fact]
    public void What_the_peer_said_before_this_node_became_master_does_not_count_from_then_on()
    {
        Watched node = Watched.Backup().PeerIs(VrrpRole.Master).Says("MASTER 250").Owns(true);
        Assert.Null(node.View.PeerRole);
        Assert.Equal(Credit.Ready, node.View.PeerCredit);

        Assert.Equal(VrrpStanding.Master, node.After(1500).View.Standing);
        Assert.Equal(VrrpRole.Backup, node.PeerIs(VrrpRole.Backup).View.PeerRole);
    }

    [Fact]
    public void The_peer_is_asked_at_once_when_this_node_becomes_master_and_when_it_is_no_longer()
    {
        Watched node = Watched.Backup();
        Assert.Equal(0, node.State.Asks);

        Assert.Equal(1, node.Says("MASTER 250").State.Asks);
        Assert.Equal(1, node.Owns(true).Says("MASTER_PRIORITY 249").After(5000).State.Asks);
        Assert.Equal(2, node.Says("BACKUP 50").State.Asks);
    }

    [Fact]
    public void Two_masters_are_told_at_the_second_look()
    {
        Watched node = Watched.Master().PeerIs(VrrpRole.Master).After(250);
        Assert.Equal(VrrpStanding.Master, node.View.Standing);

        node.PeerIs(VrrpRole.Master);
        Assert.Equal((VrrpStanding.DualMaster, VrrpRole.Master), (node.View.Standing, node.View.Role));
        Assert.Contains("node-b holds 10.77.0.100 too", node.View.Problem, StringComparison.Ordinal);
        Assert.Equal((VrrpStanding.Master, null), (node.PeerIs(VrrpRole.Backup).View.Standing, node.View.Problem));
    }

    [Fact]
    public void The_second_look_is_asked_for_once()
    {
        Watched node = Watched.Master().PeerIs(VrrpRole.Master);
        long asks = node.State.Asks;

        Assert.Equal(asks + 1, node.After(250).State.Asks);
        Assert.Equal(asks + 1, node.After(5000).State.Asks);
    }

    [Fact]
    public void Two_answers_one_after_the_other_are_no_second_look()
    {
        Watched node = Watched.Master().PeerIs(VrrpRole.Master).After(100).PeerIs(VrrpRole.Master);
        Assert.Equal(VrrpStanding.Master, node.View.Standing);

        Assert.Equal(VrrpStanding.DualMaster, node.After(150).PeerIs(VrrpRole.Master).View.Standing);
    }

    [Fact]
    public void A_planned_move_that_overlaps_is_not_told()
    {
        // The peer took over, answers once in between, and this node is backup some milliseconds later.
        Watched left = Watched.Master().PeerIs(VrrpRole.Backup).After(300).PeerIs(VrrpRole.Master).After(20).Says("BACKUP 150").Owns(false).PeerIs(VrrpRole.Master).After(5000);
        Assert.DoesNotContain(VrrpStanding.DualMaster, left.Standings);

        Watched took = Watched.Backup().PeerIs(VrrpRole.Master).Says("MASTER 250").Owns(true).PeerIs(VrrpRole.Master).After(20).PeerIs(VrrpRole.Backup).After(5000);
        Assert.DoesNotContain(VrrpStanding.DualMaster, took.Standings);
    }

    [Fact]
    public void A_master_that_died_leaves_no_claim_beside_the_new_one()
    {
        Watched node = Watched.Backup().PeerIs(VrrpRole.Master).After(300).Says("MASTER 240").Owns(true).After(1400).PeerIsSilent().After(5000);

        Assert.DoesNotContain(VrrpStanding.DualMaster, node.Standings);
    }

    [Fact]
    public void Another_holder_on_the_wire_is_told_at_once_while_this_node_is_master_and_not_else()
    {
        Watched node = Watched.Master().SeesAnother(true);
        Assert.Equal(VrrpStanding.DualMaster, node.View.Standing);
        Assert.Contains("seen on the network", node.View.Problem, StringComparison.Ordinal);

        Assert.Equal(VrrpStanding.Backup, node.Says("BACKUP 50").View.Standing);
        Assert.Equal(VrrpStanding.Master, Watched.Master().SeesAnother(true).SeesAnother(false).View.Standing);
    }

    [Fact]
    public void Nobody_is_told_after_a_second_in_which_the_peer_has_answered_again()
    {
        Watched node = Watched.Backup().PeerIs(VrrpRole.Backup).After(500).PeerIs(VrrpRole.Backup).After(499);
        Assert.Equal(VrrpStanding.Backup, node.View.Standing);

        node.After(1);
        Assert.Equal((VrrpStanding.NoMaster, VrrpRole.Backup), (node.View.Standing, node.View.Role));
        Assert.Contains("nobody holds 10.77.0.100", node.View.Problem, StringComparison.Ordinal);
        Assert.Equal((VrrpStanding.Backup, null), (node.PeerIs(VrrpRole.Master).View.Standing, node.View.Problem));
    }

    [Fact]
    public void A_peer_that_has_said_nothing_since_is_asked_before_it_is_told_that_nobody_holds_the_address()
    {
        Watched node = Watched.Backup().PeerIs(VrrpRole.Out);
        long asks = node.State.Asks;

        node.After(1000);
        Assert.Equal((VrrpStanding.Backup, asks + 1), (node.View.Standing, node.State.Asks));
        Assert.Equal(VrrpStanding.NoMaster, node.PeerIs(VrrpRole.Out).View.Standing);
    }

    [Fact]
    public void An_old_claim_of_a_peer_that_takes_over_meanwhile_makes_no_time_without_a_master()
    {
        Watched node = Watched.Master().PeerIs(VrrpRole.Backup).After(400).Says("FAULT 250").Owns(false).PeerIs(VrrpRole.Backup).After(80).PeerIs(VrrpRole.Master).After(5000);

        Assert.DoesNotContain(VrrpStanding.NoMaster, node.Standings);
        Assert.Equal(VrrpStanding.Fault, node.View.Standing);
    }

    [Fact]
    public void A_peer_that_is_not_heard_may_hold_the_address()
    {
        Assert.Equal(VrrpStanding.Backup, Watched.Backup().After(5000).View.Standing);
        Assert.Equal(VrrpStanding.Backup, Watched.Backup().PeerIs(VrrpRole.Backup).After(900).PeerIsSilent().After(5000).View.Standing);
    }

    [Fact]
    public void Of_a_node_of_which_nothing_is_known_it_is_not_told_that_nobody_holds_the_address()
    {
        Watched node = new Watched().Owns(true).CannotRead("permission denied").PeerIs(VrrpRole.Backup).After(900).PeerIs(VrrpRole.Backup).After(5000);

        Assert.Equal(VrrpStanding.Unknown, node.View.Standing);
    }

    [Fact]
    public void A_stranded_address_is_told_as_that_though_the_peer_holds_it_too()
    {
        Watched node = Watched.Master().PeerIs(VrrpRole.Backup).Detaches().After(300).PeerIs(VrrpRole.Master).After(5000);

        Assert.Equal(VrrpStanding.StrandedAddress, node.View.Standing);
    }
}
