using Failover.Keepalived.Configuration;
using Failover.Keepalived.Doctor;
using Failover.Keepalived.Doctor.Hosts;
using Failover.Keepalived.Tests.Configuration;
using Xunit;

namespace Failover.Keepalived.Tests.Doctor;

public sealed class KeepalivedDoctorTests
{
    public static TheoryData<int, string> OneMistake => Numbered(Mistakes.Single.Select(static one => $"{one.Code}: {one.Line}"));

    public static TheoryData<int, string> MistakesTogether => Numbered(Mistakes.WithOthers.Select(static one => string.Join(", ", one.Codes)));

    [Fact]
    public void What_is_rendered_has_no_mistake()
    {
        KeepalivedConfigOptions multicast = Given.Options();
        multicast.Process = "Shop.Api";

        Assert.Empty(new Patient().Examine());
        Assert.Empty(new Patient(Given.Options()).Examine());
        Assert.Empty(new Patient(multicast).Examine());
        Assert.Empty(new Patient { Options = { App = null, AppUser = null, PeerPath = null } }.Examine());
    }

    [Theory]
    [MemberData(nameof(OneMistake))]
    public void A_mistake_is_told_at_its_line_and_nothing_else_is(int number, string title)
    {
        Mistake mistake = Mistakes.Single[number];
        Patient patient = new();
        mistake.Make(patient);

        DoctorFinding finding = Assert.Single(patient.Examine());

        Assert.Equal((mistake.Severity, mistake.Code), (finding.Severity, finding.Code));
        Assert.Equal(Patient.Path, finding.File);
        Assert.StartsWith(mistake.Line.Trim(), patient.Text.Split('\n')[finding.Line!.Value - 1].Trim(), StringComparison.Ordinal);
        Assert.NotEmpty(title);
    }

    [Theory]
    [MemberData(nameof(MistakesTogether))]
    public void A_mistake_that_brings_others_is_told_with_them(int number, string title)
    {
        (string[] codes, Action<Patient> make) = Mistakes.WithOthers[number];
        Patient patient = new();
        make(patient);

        Assert.Equal(codes.Order(), patient.Examine().Select(static finding => finding.Code).Distinct().Order());
        Assert.NotEmpty(title);
    }

    [Fact]
    public void Each_code_has_a_mistake_that_is_tested()
    {
        string[] tested = [.. Mistakes.Single.Select(static one => one.Code), .. Mistakes.WithOthers.SelectMany(static one => one.Codes), DoctorCode.Executable];

        Assert.Empty(Codes.All.Except(tested));
    }

    [Fact]
    public void Each_finding_says_what_is_wrong_and_what_to_do_in_whole_sentences()
    {
        Assert.All(Mistakes.Single, mistake =>
        {
            Patient patient = new();
            mistake.Make(patient);

            DoctorFinding finding = Assert.Single(patient.Examine());

            Assert.Matches(@"^['/\p{L}\d].*\.$", finding.What);
            Assert.NotEmpty(finding.Cure);
            Assert.DoesNotContain('\n', finding.ToString());
        });
    }

    [Fact]
    public void An_executable_file_is_told_and_what_else_is_wrong_in_it()
    {
        Patient patient = new();
        patient.Replace("  state BACKUP", "  state BACKUP\n  nopreempt");
        patient.Examine();
        patient.Host.MakeExecutable(Patient.Path);

        Assert.Equal([DoctorCode.Executable, DoctorCode.NoPreempt], patient.ExamineAsItIs().Select(static finding => finding.Code));
    }

    [Fact]
    public void A_file_that_is_not_there_is_one_finding_more_than_an_empty_one()
    {
        DoctorFinding[] findings = [.. new Patient { Options = { App = null, PeerPath = null } }.ExamineAsItIs()];

        Assert.Equal([DoctorCode.Unreadable, DoctorCode.NoInstance], findings.Select(static finding => finding.Code));
    }

    [Fact]
    public void The_worst_is_told_first()
    {
        Patient patient = new();
        patient.Replace("10.77.0.100/24", "10.77.0.100");
        patient.Replace("garp_master_refresh 5", "garp_master_refresh 0");
        patient.Replace("  weight 1", "  weight 2");

        Assert.Equal([DoctorSeverity.Error, DoctorSeverity.Warning, DoctorSeverity.Information], patient.Examine().Select(static finding => finding.Severity));
    }

    [Fact]
    public void Without_weights_nopreempt_is_no_mistake()
    {
        Patient patient = new() { Options = { App = null } };
        patient.ReplaceOnBoth("  track_file {\n    credit\n  }\n", "");
        patient.ReplaceOnBoth("track_file credit {\n  file \"/run/failover/credit\"\n  weight 1\n  init_file 0 overwrite\n}\n", "");
        patient.Replace("  fall 1\n  weight -200", "  fall 1\n  weight 0");
        patient.Replace("  state BACKUP", "  state BACKUP\n  nopreempt");

        Assert.Empty(patient.Examine());
    }

    [Fact]
    public void A_sync_group_that_keeps_weights_is_no_mistake_and_what_it_tracks_counts()
    {
        Patient patient = new();
        patient.Replace("  track_file {\n    credit\n  }\n", "");
        patient.Text += "vrrp_sync_group G {\n  group { VI_1 VI_2 }\n  sync_group_tracking_weight\n  track_file { credit }\n}\n";

        Assert.Empty(patient.Examine());
    }

    [Fact]
    public void A_demotion_that_is_greater_than_the_gap_is_no_mistake()
    {
        Patient patient = new();
        patient.Replace("  fall 1\n  weight -200", "  fall 1\n  weight -13");

        Assert.Empty(patient.Examine());
    }

    [Fact]
    public void Where_no_credit_counts_a_script_may_lead_to_fault_and_a_demotion_of_one_more_than_the_gap_moves_the_address()
    {
        Patient patient = new() { Options = { App = null } };
        patient.ReplaceOnBoth("  track_file {\n    credit\n  }\n", "");
        patient.ReplaceOnBoth("track_file credit {\n  file \"/run/failover/credit\"\n  weight 1\n  init_file 0 overwrite\n}\n", "");
        patient.Replace("  fall 1\n  weight -200", "  fall 1\n  weight 0");
        Assert.Empty(patient.Examine());

        patient.Replace("  fall 1\n  weight 0", "  fall 1\n  weight -11");
        Assert.Empty(patient.Examine());
    }

    [Fact]
    public void An_app_that_names_itself_when_it_has_published_leaves_no_stale_credit()
    {
        KeepalivedOptions app = Given.App();
        app.ProcessName = "shop-ready";
        KeepalivedConfigOptions options = KeepalivedConfigOptions.From(app);
        (options.PrefixLength, options.AppUser) = (24, "app");
        Patient patient = new(options) { Options = { App = app } };
        patient.Host.Remove("/etc/systemd/system/shop.service.d/failover.conf");

        Assert.Empty(patient.Examine());
        Assert.Contains("process \"shop-ready\"", patient.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_unit_that_keeps_its_directory_or_is_that_of_keepalived_is_no_mistake()
    {
        Patient patient = new();
        patient.Host.AddFile("/etc/systemd/system/keeps.service", "[Service]\nRuntimeDirectory=failover\nRuntimeDirectoryPreserve=yes\n");
        patient.Host.AddFile("/etc/systemd/system/keepalived.service.d/run.conf", "[Service]\nRuntimeDirectory=failover\n");
        patient.Host.AddFile("/usr/lib/systemd/system/web.service", "[Service]\nRuntimeDirectory=web failover-web\n");
        patient.Host.Remove("/etc/tmpfiles.d/failover.conf");

        Assert.Empty(patient.Examine());
    }

    [Theory]
    [InlineData("RuntimeDirectory=failover\nRuntimeDirectoryPreserve=true", "", false)]
    [InlineData("RuntimeDirectory = failover\nRuntimeDirectoryPreserve = yes", "", false)]
    [InlineData("RuntimeDirectory=failover\nRuntimeDirectoryPreserve=restart", "", true)]
    [InlineData("RuntimeDirectory=failover\nRuntimeDirectoryPreserve=yes", "RuntimeDirectoryPreserve=no", true)]
    [InlineData("RuntimeDirectory=failover", "RuntimeDirectory=", false)]
    [InlineData("RuntimeDirectory=\"failover\"", "", true)]
    public void Whether_a_unit_removes_its_directory_is_what_its_last_word_says(string unit, string dropIn, bool removes)
    {
        Patient patient = new();
        patient.Host.AddFile("/etc/systemd/system/web.service", $"[Service]\n{unit}\n");
        patient.Host.AddFile("/etc/systemd/system/web.service.d/more.conf", $"[Service]\n{dropIn}\n");

        Assert.Equal(removes ? [DoctorCode.CreditDirectoryUnit] : [], patient.Examine().Select(static finding => finding.Code));
    }

    [Fact]
    public void Drop_ins_count_by_their_names_whatever_folder_they_are_in()
    {
        Patient patient = new();
        patient.Host.AddFile("/usr/lib/systemd/system/web.service", "[Service]\nRuntimeDirectory=failover\n");
        patient.Host.AddFile("/usr/lib/systemd/system/web.service.d/20.conf", "[Service]\nRuntimeDirectoryPreserve=yes\n");
        patient.Host.AddFile("/etc/systemd/system/web.service.d/10.conf", "[Service]\nRuntimeDirectoryPreserve=no\n");
        Assert.Empty(patient.Examine());

        patient.Host.AddFile("/etc/systemd/system/web.service.d/20.conf", "[Service]\n");
        Assert.Equal(DoctorCode.CreditDirectoryUnit, Assert.Single(patient.Examine()).Code);
    }

    [Fact]
    public void A_directory_with_a_space_is_found_in_the_files_of_systemd()
    {
        Patient patient = new();
        patient.Options.App!.CreditFile = "/run/my shop/credit";
        patient.Replace("/run/failover/credit", "/run/my shop/credit");
        patient.Host.AddDirectory("/run/my shop", owner: 1000);
        patient.Host.AddFile("/etc/systemd/system/shop.service.d/failover.conf", "[Service]\nExecStopPost=/usr/bin/rm -f \"/run/my shop/credit\"\n");
        Assert.Equal("Write d \"/run/my shop\" 0755 app root - into /etc/tmpfiles.d/failover.conf.", Assert.Single(patient.Examine()).Cure);

        patient.Host.AddFile("/etc/tmpfiles.d/failover.conf", "d \"/run/my shop\" 0755 app root -\n");
        Assert.Empty(patient.Examine());
    }

    [Fact]
    public void To_remove_the_credit_before_a_start_alone_leaves_that_of_an_app_that_was_killed()
    {
        Patient patient = new(Given.Options());
        patient.Host.AddFile("/etc/systemd/system/shop.service.d/failover.conf", "[Service]\nExecStartPre=/usr/bin/rm -f /run/failover/credit\n");

        Assert.Equal(DoctorCode.CrashUnseen, Assert.Single(patient.Examine()).Code);
    }

    [Fact]
    public void A_unit_that_removes_the_fifo_is_told_unless_it_is_that_of_keepalived()
    {
        Patient patient = new();
        patient.Host.AddFile("/etc/systemd/system/keepalived.service.d/fifo.conf", "[Service]\nExecStartPre=/usr/bin/rm -f /run/failover/vrrp.fifo\n");
        Assert.Empty(patient.Examine());

        patient.Host.AddFile("/etc/systemd/system/web.service", "[Service]\nExecStartPre=/usr/bin/rm -f /run/failover/vrrp.fifo\n");
        DoctorFinding finding = Assert.Single(patient.Examine());
        Assert.Equal((DoctorCode.FifoRemoved, "/etc/systemd/system/web.service"), (finding.Code, finding.File));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" root")]
    public void Where_nobody_says_who_the_app_runs_as_a_fifo_for_nobody_named_is_a_warning(string named)
    {
        Patient patient = new() { Options = { AppUser = null } };
        patient.Replace("vrrp.fifo app", $"vrrp.fifo{named}");

        DoctorFinding finding = Assert.Single(patient.Examine());
        Assert.Equal((DoctorSeverity.Warning, DoctorCode.FifoOwner), (finding.Severity, finding.Code));

        patient.Options.AppUser = "root";
        Assert.Empty(patient.Examine());
    }

    [Fact]
    public void A_user_who_cannot_enter_the_directory_of_the_fifo_cannot_read_it()
    {
        Patient patient = new();
        patient.Options.App!.Fifo = "/run/fifos/vrrp.fifo";
        patient.Replace("/run/failover/vrrp.fifo", "/run/fifos/vrrp.fifo");
        patient.Host.AddDirectory("/run/fifos", mode: UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        Assert.Equal("app cannot enter /run/fifos, and so cannot read the FIFO.", Assert.Single(patient.Examine()).What);
    }

    [Fact]
    public void The_app_needs_no_rights_on_a_file_that_somebody_else_writes()
    {
        Patient patient = new();
        patient.Replace("vrrp_instance VI_1 {", "track_file other {\n  file \"/opt/other\"\n  weight 1\n  init_file 0 overwrite\n}\nvrrp_instance VI_1 {");
        patient.Replace("    credit\n", "    credit\n    other\n");
        Assert.Empty(patient.Examine());

        patient.Host.AddDirectory("/run/failover");
        Assert.Equal(DoctorCode.CreditDirectoryRights, Assert.Single(patient.Examine()).Code);
    }

    [Fact]
    public void Where_systemd_does_not_run_nothing_is_asked_of_its_files()
    {
        Patient patient = new();
        patient.Host.Remove("/etc/tmpfiles.d/failover.conf");
        patient.Host.Remove("/run/systemd/system");

        Assert.Empty(patient.Examine());
    }

    [Theory]
    [InlineData("keepalived --namespace=blue")]
    [InlineData("/usr/sbin/keepalived -n -s blue")]
    public void A_keepalived_that_was_told_its_network_sees_processes(string command)
    {
        Patient patient = new();
        patient.Host.Remove("/proc/sys/net/core/netdev_max_backlog");
        patient.Host.AddFile("/run/keepalived.pid", "17\n");
        patient.Host.AddProcess(17, "keepalived", 'S', command);

        Assert.Empty(patient.Examine());
    }

    [Fact]
    public void A_keepalived_that_runs_is_no_stale_one_whatever_it_calls_itself()
    {
        Patient patient = new();
        patient.Host.AddFile("/run/keepalived.pid", "17\n");
        patient.Host.AddProcess(17, "ka (main)", 'S', "/usr/sbin/keepalived -D");
        patient.Host.AddFile("/run/vrrp.pid", "18\n");

        Assert.Empty(patient.Examine());
    }

    [Fact]
    public void The_user_of_the_app_is_the_one_of_this_process_unless_that_is_root()
    {
        Patient asOther = new() { Options = { AppUser = null }, Host = { Self = new("other", 1001, [1001]) } };
        Patient asRoot = new() { Options = { AppUser = null } };
        asRoot.Host.AddDirectory("/run/failover", owner: 0);

        Assert.Equal([DoctorCode.CreditDirectoryRights, DoctorCode.FifoOwner], asOther.Examine().Select(static finding => finding.Code));
        Assert.Equal("app cannot replace a file in /run/failover: no credit is ever written.", Assert.Single(asRoot.Examine()).What);
    }

    [Fact]
    public void A_group_of_the_user_lets_it_write_and_a_sticky_directory_of_somebody_else_does_not()
    {
        const UnixFileMode byGroup = UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute;
        HostUser user = new("app", 1000, [1000, 33]);

        Assert.True(new HostFile(HostFileKind.Directory, byGroup, 0, 33).LetsReplaceFiles(user));
        Assert.False(new HostFile(HostFileKind.Directory, byGroup | UnixFileMode.StickyBit, 0, 33).LetsReplaceFiles(user));
        Assert.False(new HostFile(HostFileKind.Directory, byGroup, 0, 34).LetsReplaceFiles(user));
        Assert.False(new HostFile(HostFileKind.Directory, byGroup & ~UnixFileMode.UserWrite, 1000, 33).LetsReplaceFiles(user));
    }

    [Theory]
    [InlineData("node-b.example.com", null)]
    [InlineData("node-b", null)]
    [InlineData("right", "node-b")]
    public void One_file_for_both_nodes_is_read_as_each_of_them_reads_it(string peer, string? configId)
    {
        Patient patient = new(Given.Options());
        patient.Replace("  priority 50", "  @node-a priority 50\n  @node-b priority 40\n  @^node-b garp_master_refresh 5");
        patient.PeerText = patient.Text;
        patient.Options.App!.Peer = peer;
        patient.Options.PeerConfigId = configId;

        Assert.Empty(patient.Examine());
    }

    [Fact]
    public void The_lines_of_the_peer_are_compared_and_not_those_of_this_node()
    {
        Patient patient = new(Given.Options()) { Options = { App = null, PeerConfigId = "node-b" } };
        patient.Replace("  priority 50", "  @node-a priority 50\n  @node-b priority 50");
        patient.PeerText = patient.Text;

        Assert.Equal(DoctorCode.PriorityEqual, Assert.Single(patient.Examine()).Code);
    }

    [Fact]
    public void A_file_with_lines_for_single_nodes_is_not_compared_where_the_name_of_the_peer_is_not_known()
    {
        Patient patient = new(Given.Options()) { Options = { App = null } };
        patient.PeerText = patient.PeerText.Replace("  priority 40", "  @node-a priority 50\n  @node-b priority 40", StringComparison.Ordinal);

        DoctorFinding finding = Assert.Single(patient.Examine());

        Assert.Equal((DoctorSeverity.Information, DoctorCode.NotJudged, "@node-a", Patient.PeerPath), (finding.Severity, finding.Code, finding.Key, finding.File));
    }

    private static TheoryData<int, string> Numbered(IEnumerable<string> titles)
    {
        TheoryData<int, string> data = [];
        foreach ((int number, string title) in titles.Index())
        {
            data.Add(number, title);
        }

        return data;
    }
}
