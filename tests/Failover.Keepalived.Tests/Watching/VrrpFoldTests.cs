using Failover.Keepalived.Sites;
using Failover.Keepalived.Watching;

namespace Failover.Keepalived.Tests.Watching;

/// <summary>How a node stands, from what its keepalived says and from where the address is. Without a clock, a FIFO or a keepalived.</summary>
public class VrrpFoldTests
{
    [Fact]
    public void Before_anything_is_known_the_node_is_out_and_its_standing_unknown()
    {
        Watched node = new Watched().Owns(true).After(5000);

        Assert.Equal((VrrpStanding.Unknown, VrrpRole.Out, false, null), (node.View.Standing, node.View.Role, node.View.IsAttached, node.View.Problem));
    }

    [Fact]
    public void A_state_that_keepalived_tells_counts_at_once_before_the_address_is_there()
    {
        Watched node = Watched.Backup();
        Assert.Equal((VrrpStanding.Backup, VrrpRole.Backup), (node.View.Standing, node.View.Role));

        node.Says("MASTER 250");
        Assert.Equal((VrrpStanding.Master, VrrpRole.Master, false), (node.View.Standing, node.View.Role, node.View.OwnsAddress));

        node.After(5).Owns(true).After(5000);
        Assert.Equal((VrrpStanding.Master, VrrpRole.Master, true, null), (node.View.Standing, node.View.Role, node.View.OwnsAddress, node.View.Problem));
    }

    [Fact]
    public void A_master_that_becomes_backup_is_backup_at_once_and_the_address_may_leave_a_little_later()
    {
        Watched node = Watched.Master().Says("BACKUP 50");
        Assert.Equal((VrrpStanding.Backup, VrrpRole.Backup), (node.View.Standing, node.View.Role));

        Assert.Equal(VrrpStanding.Backup, node.After(900).Owns(false).After(5000).View.Standing);
        Assert.DoesNotContain(VrrpStanding.StrandedAddress, node.Standings);
    }

    [Fact]
    public void A_word_of_before_that_the_address_has_agreed_with_is_not_doubted_when_the_address_comes_before_the_next_word()
    {
        Watched node = new Watched().Owns(false).Attaches().HadSaid("BACKUP 50").After(1500).Says("BACKUP_PRIORITY 240");
        Assert.Equal(VrrpRole.Backup, node.View.Role);

        node.After(1000).Owns(true);
        Assert.Equal((VrrpStanding.Backup, VrrpRole.Backup), (node.View.Standing, node.View.Role));

        node.After(5).Says("MASTER 240");
        Assert.Equal((VrrpStanding.Master, VrrpRole.Master), (node.View.Standing, node.View.Role));
        Assert.DoesNotContain(VrrpStanding.Unknown, node.Standings.Skip(node.Standings.IndexOf(VrrpStanding.Backup)));
    }

    [Theory]
    [InlineData(true, "BACKUP_PRIORITY 149", "Backup")]
    [InlineData(false, "MASTER_PRIORITY 249", "Master")]
    public void A_line_that_somebody_else_has_read_is_made_up_for_when_keepalived_speaks_again(bool wasMaster, string says, string role)
    {
        Watched node = wasMaster ? Watched.Master().Owns(false) : Watched.Backup().Owns(true);
        node.After(3000);
        Assert.True(node.View.IsDoubted);
        Assert.NotNull(node.View.Problem);

        node.Says(says);

        Assert.Equal((role, false, null), ($"{node.View.Role}", node.View.IsDoubted, node.View.Problem));
    }

    [Fact]
    public void Lines_that_tell_a_priority_tell_no_state()
    {
        Assert.Equal(VrrpRole.Backup, Watched.Backup().Says("MASTER_PRIORITY 250").View.Role);
        Assert.Equal(VrrpRole.Master, Watched.Master().Says("BACKUP_PRIORITY 199").View.Role);

        // A link that is down: keepalived says BACKUP_PRIORITY in FAULT.
        Watched fault = Watched.Backup().Says("FAULT 250", "BACKUP_PRIORITY 200");
        Assert.Equal((VrrpStanding.Fault, VrrpRole.Out, true, 200), (fault.View.Standing, fault.View.Role, fault.View.IsFault, fault.View.Priority));
    }

    [Fact]
    public void After_a_reload_that_tells_a_priority_alone_a_master_is_master_and_was_nothing_else_meanwhile()
    {
        Watched node = Watched.Master();
        long before = node.View.Attachments;

        node.Detaches();
        Assert.Equal((VrrpRole.Master, false), (node.View.Role, node.View.IsAttached));

        node.CannotRead("missing", isMissing: true).After(5).Attaches().Says("BACKUP_PRIORITY 250").After(5000);

        Assert.Equal((VrrpRole.Master, true, before + 1, 250, null), (node.View.Role, node.View.IsAttached, node.View.Attachments, node.View.Priority, node.View.Problem));
        Assert.Equal([VrrpStanding.Unknown, VrrpStanding.Backup, VrrpStanding.Master], node.Standings);
    }

    [Fact]
    public void After_a_reload_that_tells_nothing_at_all_a_node_in_fault_is_in_fault()
    {
        Watched node = Watched.Backup().Says("FAULT 50").Detaches().After(5).Attaches().After(5000);

        Assert.Equal((VrrpStanding.Fault, VrrpRole.Out, true, null), (node.View.Standing, node.View.Role, node.View.IsFault, node.View.Problem));
    }

    [Fact]
    public void After_a_reload_in_which_the_address_has_moved_the_former_state_counts_no_longer()
    {
        Watched left = Watched.Master().Detaches().After(5).Owns(false).Attaches();
        Assert.Equal((VrrpStanding.Unknown, VrrpRole.Out), (left.View.Standing, left.View.Role));
        Assert.Equal((VrrpStanding.Backup, null), (left.After(1000).View.Standing, left.View.Problem));

        Watched came = Watched.Backup().Detaches().After(5).Owns(true).Attaches();
        Assert.Equal((VrrpStanding.Unknown, VrrpRole.Out), (came.View.Standing, came.View.Role));
        Assert.Equal((VrrpStanding.Master, null), (came.After(1000).View.Standing, came.View.Problem));
    }

    [Fact]
    public void A_priority_of_before_does_not_count_once_keepalived_is_found_anew_and_that_of_fault_is_none()
    {
        Assert.Equal(250, Watched.Master().View.Priority);
        Assert.Null(Watched.Master().Detaches().After(5).Attaches().View.Priority);
        Assert.Null(Watched.Master().Says("FAULT 250").View.Priority);
    }

    [Fact]
    public void A_reload_that_takes_long_leaves_a_master_master_by_its_address()
    {
        Watched node = Watched.Master().Detaches().After(400);
        Assert.Equal(VrrpStanding.StrandedAddress, node.View.Standing);

        node.Attaches();
        Assert.Equal(VrrpRole.Out, node.View.Role);
        node.Says("BACKUP_PRIORITY 250");

        Assert.Equal((VrrpStanding.Master, VrrpRole.Master, null), (node.View.Standing, node.View.Role, node.View.Problem));
    }

    [Fact]
    public void Words_of_another_master_of_lower_priority_are_no_news_however_many()
    {
        Watched node = Watched.Master();
        VrrpView before = node.View;

        for (int line = 0; line < 28; line++)
        {
            node.Says("MASTER_RX_LOWER_PRI 250");
        }

        Assert.Equal(before, node.View);
    }

    [Fact]
    public void Each_other_line_of_the_instance_is_counted_and_those_of_others_and_of_groups_are_not()
    {
        Watched node = Watched.Master();
        long before = node.View.Lines;

        node.SaysLine("INSTANCE \"VI_2\" MASTER 10").SaysLine("GROUP \"VI_1\" FAULT 0").Says("MASTER_PRIORITY 249", "MASTER_PRIORITY 250");

        Assert.Equal((before + 2, 250, VrrpRole.Master), (node.View.Lines, node.View.Priority, node.View.Role));
    }

    [Theory]
    [InlineData("MASTER 250", true, VrrpRole.Master)]
    [InlineData("BACKUP 50", false, VrrpRole.Backup)]
    [InlineData("FAULT 50", false, VrrpRole.Out)]
    internal void Of_lines_that_had_waited_the_last_counts_at_once_where_the_address_agrees(string last, bool owns, VrrpRole role)
    {
        Watched node = new Watched().Owns(owns).Attaches().HadSaid("BACKUP 50", "MASTER 250", "BACKUP 50", "FAULT 40", last);

        Assert.Equal((role, 5), (node.View.Role, node.View.Lines));
        Assert.Equal(role, node.After(5000).View.Role);
    }

    [Fact]
    public void A_line_that_had_waited_and_does_not_agree_with_the_address_counts_for_nothing_until_the_address_has_decided()
    {
        Watched master = new Watched().Owns(false).Attaches().HadSaid("MASTER 250");
        Assert.Equal((VrrpStanding.Unknown, VrrpRole.Out), (master.View.Standing, master.View.Role));
        Assert.Equal(VrrpRole.Backup, master.After(1000).View.Role);

        Watched backup = new Watched().Owns(true).Attaches().HadSaid("BACKUP 50");
        Assert.Equal((VrrpStanding.Unknown, VrrpRole.Out), (backup.View.Standing, backup.View.Role));
        Assert.Equal((VrrpStanding.Master, VrrpRole.Master, null), (backup.After(1000).View.Standing, backup.View.Role, backup.View.Problem));

        Watched fault = new Watched().Owns(true).Attaches().HadSaid("FAULT 50").After(1000);
        Assert.Equal((VrrpStanding.Master, false), (fault.View.Standing, fault.View.IsFault));
    }

    [Fact]
    public void A_node_whose_app_and_keepalived_start_together_is_master_as_soon_as_the_address_comes()
    {
        Watched node = new Watched().Owns(false).Attaches().HadSaid("BACKUP 50", "MASTER 250").After(5).Owns(true);

        Assert.Equal(VrrpRole.Master, node.View.Role);
        Assert.Equal([VrrpStanding.Unknown, VrrpStanding.Master], node.Standings);
    }

    [Fact]
    public void An_app_that_starts_anew_beside_a_keepalived_that_has_nothing_to_tell_goes_by_the_address()
    {
        Assert.Equal(VrrpRole.Master, new Watched().Owns(true).Attaches().Says("MASTER_PRIORITY 51").View.Role);
        Assert.Equal(VrrpRole.Master, new Watched().Owns(true).Attaches().After(250).View.Role);
        Assert.Equal(VrrpRole.Backup, new Watched().Owns(false).Attaches().Says("BACKUP_PRIORITY 51").View.Role);

        // Nothing is to be seen of it, and nothing was said: it may be in fault.
        Watched silent = new Watched().Owns(false).Attaches().After(5000);
        Assert.Equal((VrrpStanding.Unknown, VrrpRole.Out), (silent.View.Standing, silent.View.Role));
    }

    [Fact]
    public void A_keepalived_that_starts_on_a_stranded_address_is_no_master_before_it_says_so()
    {
        Watched node = new Watched().Owns(true).Attaches().After(20).Says("BACKUP 50").After(5).Owns(false).After(400).Says("MASTER 50").Owns(true);

        Assert.Equal([VrrpStanding.Unknown, VrrpStanding.Backup, VrrpStanding.Master], node.Standings);
    }

    [Fact]
    public void A_child_that_is_killed_and_started_again_is_no_daemon_that_has_gone()
    {
        Watched node = Watched.Master().Detaches().After(12).Attaches().Says("BACKUP 50").After(3).Owns(false).After(380).Says("MASTER 50").After(4).Owns(true).After(5000);

        Assert.Equal([VrrpStanding.Unknown, VrrpStanding.Backup, VrrpStanding.Master, VrrpStanding.Backup, VrrpStanding.Master], node.Standings);
    }

    [Fact]
    public void A_daemon_that_was_killed_strands_the_address_and_that_is_told_with_what_to_do()
    {
        Watched node = Watched.Master().Detaches().After(249);
        Assert.Equal(VrrpStanding.Master, node.View.Standing);

        node.After(1);

        Assert.Equal((VrrpStanding.StrandedAddress, VrrpRole.Out, false, true), (node.View.Standing, node.View.Role, node.View.IsAttached, node.View.OwnsAddress));
        Assert.Contains("has left 10.77.0.100 here", node.View.Problem, StringComparison.Ordinal);
        Assert.Equal(VrrpStanding.DaemonLost, node.Owns(false).View.Standing);
    }

    [Fact]
    public void A_daemon_that_was_killed_strands_the_address_though_its_fifo_is_removed_too()
    {
        Watched node = Watched.Master().Detaches().After(200).CannotRead("the FIFO is missing", isMissing: true).After(50);

        Assert.Equal(VrrpStanding.StrandedAddress, node.View.Standing);
        Assert.Contains("has left 10.77.0.100 here", node.View.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_daemon_of_a_backup_that_was_killed_is_lost()
    {
        Watched node = Watched.Backup().Detaches().After(250);

        Assert.Equal((VrrpStanding.DaemonLost, VrrpRole.Out), (node.View.Standing, node.View.Role));
        Assert.Contains("/run/failover/vrrp.fifo", node.View.Problem, StringComparison.Ordinal);
        Assert.Equal((VrrpStanding.Backup, null), (node.Attaches().Says("BACKUP 50").View.Standing, node.View.Problem));
    }

    [Fact]
    public void A_daemon_that_stops_cleanly_is_lost_and_not_said_to_strand_the_address_that_it_is_removing()
    {
        Watched node = Watched.Master().Says("STOP 250");
        Assert.Equal((VrrpStanding.DaemonLost, VrrpRole.Out, "keepalived was stopped"), (node.View.Standing, node.View.Role, node.View.Problem));

        node.After(5).Owns(false).After(1000).Detaches().After(5).CannotRead("the FIFO is missing", isMissing: true).After(5000);

        Assert.Equal("keepalived was stopped", node.View.Problem);
        Assert.DoesNotContain(VrrpStanding.StrandedAddress, node.Standings);
    }

    [Fact]
    public void A_daemon_that_stops_and_leaves_the_address_strands_it_after_a_short_grace()
    {
        Watched node = Watched.Master().Says("STOP 250").After(299);
        Assert.Equal(VrrpStanding.DaemonLost, node.View.Standing);

        Assert.Equal(VrrpStanding.StrandedAddress, node.After(1).View.Standing);
    }

    [Fact]
    public void A_daemon_that_stopped_is_not_said_to_be_stopped_once_it_is_back()
    {
        Watched node = Watched.Backup().Says("STOP 50").After(50).Detaches().After(30).Attaches();
        Assert.Null(node.View.Problem);

        Assert.Equal(VrrpStanding.Backup, node.Says("BACKUP 50").View.Standing);
    }

    [Fact]
    public void An_instance_that_was_removed_from_the_configuration_takes_no_part()
    {
        Watched node = Watched.Backup().Says("DELETED 50");

        Assert.Equal((VrrpStanding.Fault, VrrpRole.Out), (node.View.Standing, node.View.Role));
        Assert.Contains("VI_1 was removed", node.View.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_that_somebody_added_to_a_backup_is_stranded_once_it_has_been_here_for_a_second()
    {
        Watched node = Watched.Backup().Owns(true).After(999);
        Assert.Equal(VrrpStanding.Backup, node.View.Standing);

        node.After(1);
        Assert.Equal((VrrpStanding.StrandedAddress, VrrpRole.Backup), (node.View.Standing, node.View.Role));
        Assert.Contains("ip address del", node.View.Problem, StringComparison.Ordinal);
        Assert.Equal((VrrpStanding.Backup, null), (node.Owns(false).View.Standing, node.View.Problem));
    }

    [Fact]
    public void A_master_without_the_address_is_master_no_longer_once_a_second_has_passed()
    {
        Watched node = Watched.Master().Owns(false).After(999);
        Assert.Equal(VrrpRole.Master, node.View.Role);

        node.After(1);
        Assert.Equal((VrrpStanding.Unknown, VrrpRole.Out), (node.View.Standing, node.View.Role));
        Assert.Contains("another network namespace", node.View.Problem, StringComparison.Ordinal);
        Assert.Equal((VrrpStanding.Master, null), (node.Owns(true).View.Standing, node.View.Problem));
    }

    [Fact]
    public void An_address_that_was_removed_by_hand_and_that_keepalived_takes_back_is_no_mismatch()
    {
        Watched node = Watched.Master().Owns(false).After(5).Says("BACKUP 250").After(80).Says("MASTER 250").After(5).Owns(true).After(5000);

        Assert.Null(node.View.Problem);
        Assert.DoesNotContain(VrrpStanding.StrandedAddress, node.Standings);
    }

    [Fact]
    public void A_fifo_that_never_was_leaves_the_standing_unknown_and_is_told()
    {
        Watched node = new Watched().Owns(true).CannotRead("the FIFO is missing", isMissing: true);
        Assert.Null(node.View.Problem);

        node.After(250);
        Assert.Equal((VrrpStanding.Unknown, VrrpRole.Out, "the FIFO is missing"), (node.View.Standing, node.View.Role, node.View.Problem));
    }

    [Fact]
    public void A_fifo_that_may_not_be_read_any_more_says_nothing_of_keepalived()
    {
        Watched node = Watched.Master().Detaches().After(5).CannotRead("permission denied").After(5000);

        Assert.Equal((VrrpStanding.Unknown, VrrpRole.Out, "permission denied"), (node.View.Standing, node.View.Role, node.View.Problem));
    }

    [Fact]
    public void A_fifo_that_nobody_has_open_at_the_start_means_a_daemon_that_has_gone()
    {
        Assert.Equal(VrrpStanding.DaemonLost, new Watched().Owns(false).Detaches().After(250).View.Standing);
        Assert.Equal(VrrpStanding.StrandedAddress, new Watched().Owns(true).Detaches().After(250).View.Standing);
    }

    [Fact]
    public void An_instance_that_is_never_named_while_another_is_is_told_after_a_while()
    {
        Watched node = new Watched().Owns(false).Attaches().SaysLine("INSTANCE \"VI_9\" BACKUP 50").After(1999);
        Assert.Null(node.View.Problem);

        node.After(1);
        Assert.Contains("never named the vrrp_instance VI_1, but VI_9", node.View.Problem, StringComparison.Ordinal);
        Assert.Null(node.Says("BACKUP 50").View.Problem);
    }

    [Fact]
    public void An_instance_that_a_reload_does_not_name_was_named_before_and_is_no_problem()
    {
        Watched node = Watched.Backup().Says("FAULT 50").Detaches().After(5).Attaches().SaysLine("INSTANCE \"VI_9\" BACKUP_PRIORITY 50").After(5000);

        Assert.Equal((VrrpStanding.Fault, null), (node.View.Standing, node.View.Problem));
    }
}
