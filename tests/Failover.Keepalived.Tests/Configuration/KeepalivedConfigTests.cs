using Failover.Keepalived.Configuration;
using Microsoft.Extensions.Options;
using Xunit;

namespace Failover.Keepalived.Tests.Configuration;

public sealed class KeepalivedConfigTests
{
    [Fact]
    public void The_file_of_a_node_holds_what_the_app_and_the_cures_of_a_split_brain_need()
    {
        Assert.Equal(
            """
            # keepalived of node-a; its peer is node-b. Both files are made by KeepalivedConfig, of Failover.Keepalived.
            global_defs {
              router_id node-a
              vrrp_version 3
              vrrp_notify_fifo /run/failover/vrrp.fifo app
              vrrp_notify_priority_changes true   # acknowledges the credit
              vrrp_higher_prio_send_advert true   # without these two, a split brain that has healed
              vrrp_garp_master_refresh 5          # can leave clients with the wrong node's MAC address
            }
            # 198 to 200 ready, 98 to 100 hold, 0 to 3 unproven, -254 FAULT; no file counts as 0.
            track_file credit {
              file "/run/failover/credit"
              weight 1
              init_file 0 overwrite
            }
            vrrp_instance VI_1 {
              state BACKUP
              interface eth0
              virtual_router_id 77
              priority 50
              advert_int 0.2
              virtual_ipaddress {
                10.77.0.100/24 dev eth0
              }
              track_file {
                credit
              }
            }

            """,
            new KeepalivedConfig(Given.Options()).RenderFor("node-a"));
    }

    [Fact]
    public void The_file_of_the_other_node_differs_in_its_name_its_priority_and_its_interface()
    {
        KeepalivedConfigOptions options = Given.Options();
        options.NodeB.Interface = "bond0";
        KeepalivedConfig config = new(options);

        string[] a = config.RenderFor("node-a").Split('\n');
        string[] b = config.RenderFor("NODE-B").Split('\n');

        Assert.Equal(
            ["# keepalived of node-b; its peer is node-a. Both files are made by KeepalivedConfig, of Failover.Keepalived.", "  router_id node-b", "  interface bond0", "  priority 40", "    10.77.0.100/24 dev bond0"],
            b.Except(a));
        Assert.Equal(a.Length, b.Length);
    }

    [Fact]
    public void Everything_that_can_be_added_is_added_at_its_place()
    {
        Assert.Equal(
            """
            # keepalived of node-b; its peer is node-a. Both files are made by KeepalivedConfig, of Failover.Keepalived.
            global_defs {
              router_id node-b
              enable_script_security
              script_user nobody
              vrrp_version 3
              vrrp_notify_fifo /run/failover/vrrp.fifo app
              vrrp_notify_priority_changes true   # acknowledges the credit
              vrrp_higher_prio_send_advert true   # without these two, a split brain that has healed
              vrrp_garp_master_refresh 5          # can leave clients with the wrong node's MAC address
            }
            # 198 to 200 ready, 98 to 100 hold, 0 to 3 unproven, -254 FAULT; no file counts as 0.
            track_file credit {
              file "/run/failover/credit"
              weight 1
              init_file 0 overwrite
            }
            # Seen only in the network namespace of the host.
            vrrp_track_process crash {
              process "/usr/bin/dotnet" "/srv/shop/Shop.Api.dll"
              param_match partial   # more arguments may follow
              weight 0
            }
            # An app that hangs. Any answer counts (never -f), whoever signed it (-k); and it costs 200, never FAULT
            # (weight 0): what befalls both nodes at once must leave the address where it is.
            vrrp_script hang {
              script "/usr/bin/curl -sSk -o /dev/null -m 0.8 http://127.0.0.1:8080/health/live?from=keepalived&x=%20"
              interval 1
              timeout 1
              fall 1
              weight -200
            }
            vrrp_instance VI_1 {
              state BACKUP
              interface eth0
              virtual_router_id 77
              priority 40
              advert_int 0.2
              unicast_src_ip 10.77.0.2
              unicast_peer {
                10.77.0.1
              }
              virtual_ipaddress {
                10.77.0.100/24 dev eth0
              }
              track_file {
                credit
              }
              track_process {
                crash
              }
              track_script {
                hang
              }
            }

            """,
            new KeepalivedConfig(Given.EverythingOptions()).RenderFor("node-b"));
    }

    [Fact]
    public void The_directory_is_made_by_the_host_for_the_user_of_the_app()
    {
        KeepalivedConfigOptions options = Given.Options();
        options.Fifo = "/run/failover-fifo/vrrp";

        string file = new KeepalivedConfig(options).RenderTmpfiles();

        Assert.Equal(
            ["d /run/failover 0755 app root -", "d /run/failover-fifo 0755 app root -"],
            file.Split('\n').Where(static line => line.StartsWith('d')));
    }

    [Fact]
    public void The_unit_of_keepalived_takes_away_the_address_that_a_killed_one_leaves()
    {
        Assert.EndsWith("\nExecStopPost=-/usr/sbin/ip address delete 10.77.0.100/24 dev eth0\n", new KeepalivedConfig(Given.Options()).RenderKeepalivedDropInFor("node-a"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_unit_of_the_app_removes_the_credit_of_an_app_that_has_ended()
    {
        string[] lines = new KeepalivedConfig(Given.Options()).RenderAppDropIn().Split('\n');

        Assert.Equal(
            ["[Service]", "ExecStartPre=/usr/bin/rm -f /run/failover/credit", "ExecStopPost=/usr/bin/rm -f /run/failover/credit", "ReadWritePaths=/run/failover", ""],
            lines.Where(static line => !line.StartsWith('#')));
    }

    [Theory]
    [InlineData("Shop.Api", "process \"Shop.Api\"\n")]
    [InlineData("Company.Shop.Orders.Api", "process \"Company.Shop.Or\"   # Company.Shop.Orders.Api: the kernel keeps 15 characters\n")]
    [InlineData("dotnet Shop.Api.dll", "process \"dotnet\" \"Shop.Api.dll\"\n  param_match partial")]
    public void A_process_is_written_as_the_kernel_tells_it(string process, string line)
    {
        KeepalivedConfigOptions options = Given.Options();
        options.Process = process;

        Assert.Contains(line, new KeepalivedConfig(options).RenderFor("node-a"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(10, "0.01")]
    [InlineData(200, "0.2")]
    [InlineData(1000, "1")]
    [InlineData(40_950, "40.95")]
    public void The_interval_is_written_in_seconds(int milliseconds, string seconds)
    {
        KeepalivedConfigOptions options = Given.Options();
        options.AdvertInterval = TimeSpan.FromMilliseconds(milliseconds);

        Assert.Contains($"\n  advert_int {seconds}\n", new KeepalivedConfig(options).RenderFor("node-a"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_settings_of_the_app_are_taken_over_so_that_both_agree()
    {
        KeepalivedOptions app = new() { Address = "10.1.2.3", Node = "left", Peer = "right", Instance = "SHOP", Interface = "ens3", RouterId = 9, Priority = 20, PeerPriority = 30, CreditFile = "/run/shop/credit", Fifo = "/run/shop/fifo", ProcessName = "shop-ready" };
        KeepalivedConfigOptions options = KeepalivedConfigOptions.From(app);
        (options.PrefixLength, options.AppUser) = (16, "shop");
        KeepalivedConfig config = new(options);

        string left = config.RenderFor("left");

        Assert.All(
            ["vrrp_instance SHOP {", "interface ens3", "virtual_router_id 9", "priority 20", "10.1.2.3/16 dev ens3", "vrrp_notify_fifo /run/shop/fifo shop", "file \"/run/shop/credit\"", "process \"shop-ready\""],
            line => Assert.Contains(line, left, StringComparison.Ordinal));
        Assert.Contains("priority 30", config.RenderFor("right"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_options_become_later_changes_no_file()
    {
        KeepalivedConfigOptions options = Given.Options();
        KeepalivedConfig config = new(options);
        string before = config.RenderFor("node-a");

        options.Instance = "VI_1 {\n}";
        options.NodeA.Name = "other";

        Assert.Equal(before, config.RenderFor("node-a"));
    }

    [Fact]
    public void A_node_of_neither_name_is_refused()
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(() => new KeepalivedConfig(Given.Options()).RenderFor("node-c"));

        Assert.StartsWith("'node-c' is neither node-a nor node-b.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_that_is_missing_is_told_at_once()
    {
        OptionsValidationException refused = Assert.Throws<OptionsValidationException>(() => new KeepalivedConfig(new()));

        Assert.Equal(
            ["Address", "PrefixLength", "NodeA:Name", "Interface", "NodeB:Name", "AppUser"],
            refused.Failures.Select(static problem => problem.Split(' ')[0].Replace("KeepalivedConfigOptions:", "", StringComparison.Ordinal)));
    }
}
