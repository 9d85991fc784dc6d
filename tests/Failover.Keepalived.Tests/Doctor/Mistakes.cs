using Failover.Keepalived.Doctor;
using Failover.Keepalived.Tests.Configuration;

namespace Failover.Keepalived.Tests.Doctor;

/// <summary>Every mistake that the doctor knows.</summary>
internal static class Mistakes
{
    private const UnixFileMode Everybody = (UnixFileMode)0b111_111_111;

    private static readonly Mistake[] OfTheInstance =
    [
        new(DoctorSeverity.Error, DoctorCode.NoPreempt, "nopreempt", p => p.Replace("  state BACKUP", "  state BACKUP\n  nopreempt")),
        new(DoctorSeverity.Error, DoctorCode.PreemptDelay, "preempt_delay 3", p => p.Replace("  state BACKUP", "  state BACKUP\n  preempt_delay 3")),
        new(DoctorSeverity.Information, DoctorCode.StateMaster, "state MASTER", p => p.Replace("state BACKUP", "state MASTER")),
        new(DoctorSeverity.Error, DoctorCode.PriorityOwner, "priority 255", p => Priority(p, 255)),
        new(DoctorSeverity.Warning, DoctorCode.AdvertRange, "advert_int 0.005", p => p.ReplaceOnBoth("advert_int 0.2", "advert_int 0.005")),
        new(DoctorSeverity.Warning, DoctorCode.AdvertRange, "advert_int 0.015", p => p.ReplaceOnBoth("advert_int 0.2", "advert_int 0.015")),
        new(DoctorSeverity.Warning, DoctorCode.AdvertRange, "advert_int 41", p => p.ReplaceOnBoth("advert_int 0.2", "advert_int 41")),
        new(DoctorSeverity.Warning, DoctorCode.AdvertRange, "advert_int soon", p => p.ReplaceOnBoth("advert_int 0.2", "advert_int soon")),
        new(DoctorSeverity.Warning, DoctorCode.AdvertVersion2, "advert_int 0.2", p => p.ReplaceOnBoth("vrrp_version 3", "vrrp_version 2")),
        new(DoctorSeverity.Warning, DoctorCode.AdvertVersion2, "advert_int 0.2", p => p.ReplaceOnBoth("  vrrp_version 3\n", "")),
        new(DoctorSeverity.Warning, DoctorCode.Authentication, "authentication", p => p.Replace("  advert_int", "  authentication {\n    auth_type PASS\n    auth_pass 12345678\n  }\n  advert_int")),
        new(DoctorSeverity.Error, DoctorCode.Strict, "vrrp_strict", p => p.Replace("  vrrp_version 3", "  vrrp_version 3\n  vrrp_strict")),
        new(DoctorSeverity.Error, DoctorCode.Strict, "strict_mode", p => p.Replace("  state BACKUP", "  state BACKUP\n  strict_mode on")),
        new(DoctorSeverity.Error, DoctorCode.SyncGroup, "vrrp_sync_group G", p => p.Text += "vrrp_sync_group G {\n  group {\n    VI_1\n    VI_2\n  }\n}\n"),
        new(DoctorSeverity.Error, DoctorCode.RouterId, "vrrp_instance VI_1", p => p.Replace("  virtual_router_id 77\n", "")),
        new(DoctorSeverity.Error, DoctorCode.Interface, "vrrp_instance VI_1", p => Multicast(p, p => p.Replace("  interface eth0\n", ""))),
        new(DoctorSeverity.Error, DoctorCode.Interface, "interface eth0", p => p.Host.Remove("/sys/class/net/eth0")),
        new(DoctorSeverity.Error, DoctorCode.AddressInvalid, "10.77.0.999", p => p.ReplaceOnBoth("    10.77.0.100/24 dev eth0", "    10.77.0.100/24 dev eth0\n    10.77.0.999/24 dev eth0")),
        new(DoctorSeverity.Error, DoctorCode.AddressInvalid, "10/24", p => p.ReplaceOnBoth("    10.77.0.100/24 dev eth0", "    10.77.0.100/24 dev eth0\n    10/24 dev eth0")),
        new(DoctorSeverity.Information, DoctorCode.AddressPrefix, "10.77.0.100 dev eth0", p => p.ReplaceOnBoth("10.77.0.100/24", "10.77.0.100")),
        new(DoctorSeverity.Information, DoctorCode.AddressDevice, "10.77.0.100/24", p => p.ReplaceOnBoth("10.77.0.100/24 dev eth0", "10.77.0.100/24")),
        new(DoctorSeverity.Information, DoctorCode.AddressDevice, "10.77.0.100/24", p => p.ReplaceOnBoth("10.77.0.100/24 dev eth0", "10.77.0.100/24 dev lo")),
        new(DoctorSeverity.Warning, DoctorCode.HigherPrioAdvert, "vrrp_instance VI_1", p => p.Replace("vrrp_higher_prio_send_advert true", "vrrp_higher_prio_send_advert false")),
        new(DoctorSeverity.Warning, DoctorCode.HigherPrioAdvert, "vrrp_instance VI_1", p => p.Replace("  state BACKUP", "  state BACKUP\n  higher_prio_send_advert no")),
        new(DoctorSeverity.Warning, DoctorCode.GarpRefresh, "vrrp_instance VI_1", p => p.Replace("vrrp_garp_master_refresh 5", "vrrp_garp_master_refresh 0")),
        new(DoctorSeverity.Information, DoctorCode.NotifyScripts, "notify_master", p => p.Replace("  state BACKUP", "  state BACKUP\n  notify_master \"/usr/bin/curl http://127.0.0.1\"")),
    ];

    private static readonly Mistake[] OfTheFile =
    [
        new(DoctorSeverity.Error, DoctorCode.Syntax, "  weight \"1", p => p.Replace("  weight 1", "  weight \"1")),
        new(DoctorSeverity.Error, DoctorCode.Syntax, "}", p => p.Text += "}\n"),
        new(DoctorSeverity.Warning, DoctorCode.Include, "include /etc/keepalived/more/*.conf", p => p.Text += "include /etc/keepalived/more/*.conf\n"),
        new(DoctorSeverity.Warning, DoctorCode.Include, "include other.conf", p => p.Text += "include other.conf\n"),
        new(DoctorSeverity.Information, DoctorCode.NotJudged, "~SEQ", p => p.Text += "~SEQ(X, 1, 3) track_group $X { }\n"),
        new(DoctorSeverity.Information, DoctorCode.NotJudged, "$BLOCK=", p => p.Text += "$BLOCK= \\\n  nopreempt \\\n  foo\n"),
        new(DoctorSeverity.Information, DoctorCode.NotJudged, "include /etc/*/x.conf", p => p.Text += "include /etc/*/x.conf\n"),
        new(DoctorSeverity.Warning, DoctorCode.UnknownKeyword, "vrrp_instanze", p => p.Text += "vrrp_instanze VI_2 {\n}\n"),
        new(DoctorSeverity.Warning, DoctorCode.UnknownKeyword, "no_preempt", p => p.Replace("  state BACKUP", "  state BACKUP\n  no_preempt")),
        new(DoctorSeverity.Warning, DoctorCode.UnknownKeyword, "init_fille", p => p.Replace("  init_file 0", "  init_fille 1\n  init_file 0")),
    ];

    private static readonly Mistake[] OfTrackers =
    [
        new(DoctorSeverity.Error, DoctorCode.TrackerUnknown, "hung", p => p.Replace("  track_script {\n    hang\n", "  track_script {\n    hang\n    hung\n")),
        new(DoctorSeverity.Error, DoctorCode.TrackerBelow, "late", p => { p.Replace("    hang\n", "    hang\n    late\n"); p.Text += "vrrp_script late {\n  script \"/usr/bin/curl\"\n  interval 1\n}\n"; }),
        new(DoctorSeverity.Warning, DoctorCode.TrackerUnused, "vrrp_track_process crash", p => p.Replace("  track_process {\n    crash\n  }\n", "")),
        new(DoctorSeverity.Error, DoctorCode.DemotionSmall, "hang", p => p.Replace("  fall 1\n  weight -200", "  fall 1\n  weight -10")),
        new(DoctorSeverity.Error, DoctorCode.DemotionSmall, "hang", p => p.Replace("  fall 1\n  weight -200", "  fall 1\n  weight -12")),
        new(DoctorSeverity.Error, DoctorCode.DemotionSmall, "hang weight 5", p => p.Replace("    hang\n", "    hang weight 5\n")),
        new(DoctorSeverity.Error, DoctorCode.DemotionSmall, "eth0 weight -10", p => { p.Options.PeerPath = null; p.Replace("  track_script {", "  track_interface {\n    eth0 weight -10\n  }\n  track_script {"); }),
        new(DoctorSeverity.Warning, DoctorCode.ScriptSecurity, "vrrp_script hang", p => p.Replace("  enable_script_security\n", "")),
        new(DoctorSeverity.Error, DoctorCode.ScriptUser, "vrrp_script hang", p => p.Replace("  script_user nobody\n", "")),
        new(DoctorSeverity.Error, DoctorCode.ScriptUser, "script_user somebody", p => p.Replace("script_user nobody", "script_user somebody")),
        new(DoctorSeverity.Error, DoctorCode.ScriptPath, "script \"/opt/scripts/look", p => { Script(p, "/opt/scripts/look"); p.Replace("script_user nobody", "script_user root"); }),
        new(DoctorSeverity.Warning, DoctorCode.ScriptPath, "script \"/opt/scripts/look", p => Script(p, "/opt/scripts/look")),
        new(DoctorSeverity.Error, DoctorCode.ScriptMissing, "script \"/usr/bin/gone", p => { Script(p, "/usr/bin/gone"); p.Host.Remove("/usr/bin/gone"); }),
        new(DoctorSeverity.Warning, DoctorCode.ScriptWeight, "weight 254", p => p.Replace("  fall 1\n  weight -200", "  fall 1\n  weight 254")),
        new(DoctorSeverity.Warning, DoctorCode.ScriptFault, "weight 0", p => p.Replace("  fall 1\n  weight -200", "  fall 1\n  weight 0")),
        new(DoctorSeverity.Warning, DoctorCode.ScriptFault, "vrrp_script hang", p => p.Replace("  fall 1\n  weight -200\n", "  fall 1\n")),
        new(DoctorSeverity.Warning, DoctorCode.ScriptFault, "hang weight 0", p => p.Replace("    hang\n", "    hang weight 0\n")),
        new(DoctorSeverity.Warning, DoctorCode.ScriptInterval, "interval 0.5", p => p.Replace("interval 1", "interval 0.5")),
        new(DoctorSeverity.Error, DoctorCode.ProcessName, "process \"Company.Shop.Orders.Api\"", p => Process(p, "Company.Shop.Orders.Api")),
        new(DoctorSeverity.Error, DoctorCode.ProcessName, "process \"/usr/bin/shop\"", p => Process(p, "/usr/bin/shop")),
        new(DoctorSeverity.Warning, DoctorCode.ProcessDotnet, "process \"dotnet\"", p => Process(p, "dotnet")),
        new(DoctorSeverity.Error, DoctorCode.ProcessNamespace, "vrrp_track_process crash", p => p.Host.Remove("/proc/sys/net/core/netdev_max_backlog")),
    ];

    private static readonly Mistake[] OfTheCredit =
    [
        new(DoctorSeverity.Error, DoctorCode.CreditNotTracked, "vrrp_instance VI_1", p => { p.Replace("track_file credit {\n  file \"/run/failover/credit\"\n  weight 1\n  init_file 0 overwrite\n}\n", ""); p.Replace("  track_file {\n    credit\n  }\n", ""); }),
        new(DoctorSeverity.Error, DoctorCode.CreditDiffers, "file \"/run/failover/credits\"", p => p.Replace("/run/failover/credit\"", "/run/failover/credits\"")),
        new(DoctorSeverity.Error, DoctorCode.CreditWeight, "weight 2", p => p.Replace("  weight 1", "  weight 2")),
        new(DoctorSeverity.Error, DoctorCode.CreditWeight, "credit weight 0", p => p.Replace("    credit\n", "    credit weight 0\n")),
        new(DoctorSeverity.Error, DoctorCode.CreditWeight, "weight 1 reverse", p => p.Replace("  weight 1", "  weight 1 reverse")),
        new(DoctorSeverity.Error, DoctorCode.CreditInit, "track_file credit {", p => p.Replace("  init_file 0 overwrite\n", "")),
        new(DoctorSeverity.Error, DoctorCode.CreditInit, "init_file 0", p => p.Replace("init_file 0 overwrite", "init_file 0")),
        new(DoctorSeverity.Error, DoctorCode.CreditInit, "init_file 200 overwrite", p => p.Replace("init_file 0 overwrite", "init_file 200 overwrite")),
        new(DoctorSeverity.Error, DoctorCode.CreditPriority, "priority 100", p => Priority(p, 100)),
        new(DoctorSeverity.Error, DoctorCode.CreditDirectoryRights, "file \"/run/failover/credit\"", p => p.Host.AddDirectory("/run/failover", owner: 0)),
        new(DoctorSeverity.Warning, DoctorCode.CreditDirectoryOpen, "file \"/run/failover/credit\"", p => p.Host.AddDirectory("/run/failover", owner: 1000, Everybody)),
        new(DoctorSeverity.Warning, DoctorCode.CrashUnseen, "vrrp_instance VI_1", p => { p.Text = new Patient(Given.Options()).Text; p.Options.PeerPath = null; p.Host.Remove("/etc/systemd/system/shop.service.d/failover.conf"); }),
        new(DoctorSeverity.Warning, DoctorCode.CreditStale, "vrrp_track_process crash", p => p.Host.Remove("/etc/systemd/system/shop.service.d/failover.conf")),
        new(DoctorSeverity.Warning, DoctorCode.CreditDirectoryBoot, "file \"/run/failover/credit\"", p => p.Host.Remove("/etc/tmpfiles.d/failover.conf")),
    ];

    private static readonly Mistake[] OfTheFifo =
    [
        new(DoctorSeverity.Error, DoctorCode.FifoDiffers, "vrrp_notify_fifo /run/failover/other.fifo app", p => p.Replace("/run/failover/vrrp.fifo", "/run/failover/other.fifo")),
        new(DoctorSeverity.Error, DoctorCode.FifoTwice, "notify_fifo /run/failover/vrrp.fifo app", p => p.Replace("  vrrp_notify_priority", "  notify_fifo /run/failover/vrrp.fifo app\n  vrrp_notify_priority")),
        new(DoctorSeverity.Warning, DoctorCode.FifoTwice, "vrrp_notify_fifo /run/failover/second app", p => p.Replace("  vrrp_notify_priority", "  vrrp_notify_fifo /run/failover/second app\n  vrrp_notify_priority")),
        new(DoctorSeverity.Error, DoctorCode.FifoReader, "vrrp_notify_fifo_script", p => p.Replace("  vrrp_notify_priority", "  vrrp_notify_fifo_script /usr/bin/curl\n  vrrp_notify_priority")),
        new(DoctorSeverity.Error, DoctorCode.FifoDirectory, "vrrp_notify_fifo /run/fifos/vrrp.fifo app", p => { p.Options.App!.Fifo = "/run/fifos/vrrp.fifo"; p.Replace("/run/failover/vrrp.fifo", "/run/fifos/vrrp.fifo"); }),
        new(DoctorSeverity.Error, DoctorCode.FifoFile, "vrrp_notify_fifo", p => p.Host.AddFile("/run/failover/vrrp.fifo", "", owner: 1000)),
        new(DoctorSeverity.Error, DoctorCode.FifoUser, "vrrp_notify_fifo /run/failover/vrrp.fifo gone", p => p.Replace("vrrp.fifo app", "vrrp.fifo gone")),
        new(DoctorSeverity.Error, DoctorCode.FifoUser, "vrrp_notify_fifo /run/failover/vrrp.fifo app gone", p => p.Replace("vrrp.fifo app", "vrrp.fifo app gone")),
        new(DoctorSeverity.Error, DoctorCode.FifoOwner, "vrrp_notify_fifo /run/failover/vrrp.fifo other", p => p.Replace("vrrp.fifo app", "vrrp.fifo other")),
        new(DoctorSeverity.Error, DoctorCode.FifoOwner, "vrrp_notify_fifo", p => p.Replace("vrrp.fifo app", "vrrp.fifo")),
        new(DoctorSeverity.Error, DoctorCode.FifoOwner, "vrrp_notify_fifo", p => p.Host.AddFifo("/run/failover/vrrp.fifo", owner: 0)),
        new(DoctorSeverity.Error, DoctorCode.PriorityNotTold, "vrrp_instance VI_1", p => p.Replace("vrrp_notify_priority_changes true", "vrrp_notify_priority_changes false")),
    ];

    private static readonly Mistake[] OfTwoSides =
    [
        new(DoctorSeverity.Error, DoctorCode.AppDiffers, "vrrp_instance VI_1", p => p.Options.App!.Address = "10.77.0.101"),
        new(DoctorSeverity.Error, DoctorCode.AppDiffers, "process \"shop\"", p => { Process(p, "shop"); p.Options.App!.ProcessName = "shop-ready"; }),
        new(DoctorSeverity.Error, DoctorCode.AppDiffers, "interface eth0", p => p.Options.App!.Interface = "eth1"),
        new(DoctorSeverity.Error, DoctorCode.AppDiffers, "virtual_router_id 77", p => p.Options.App!.RouterId = 78),
        new(DoctorSeverity.Error, DoctorCode.AppDiffers, "priority 50", p => p.Options.App!.Priority = 40),
        new(DoctorSeverity.Error, DoctorCode.PriorityEqual, "priority 50", p => { p.Options.App!.PeerPriority = 50; p.ReplaceOnPeer("priority 40", "priority 50"); }),
        new(DoctorSeverity.Error, DoctorCode.PriorityClose, "priority 50", p => { p.Options.App!.PeerPriority = 48; p.ReplaceOnPeer("priority 40", "priority 48"); }),
        new(DoctorSeverity.Error, DoctorCode.PeerDiffers, "vrrp_instance VI_1", p => p.PeerText = "global_defs {\n}\n"),
        new(DoctorSeverity.Error, DoctorCode.PeerDiffers, "virtual_router_id 77", p => p.ReplaceOnPeer("virtual_router_id 77", "virtual_router_id 78")),
        new(DoctorSeverity.Error, DoctorCode.PeerDiffers, "vrrp_version 3", p => p.ReplaceOnPeer("vrrp_version 3", "vrrp_version 2")),
        new(DoctorSeverity.Warning, DoctorCode.PeerDiffers, "advert_int 0.2", p => p.ReplaceOnPeer("advert_int 0.2", "advert_int 1")),
        new(DoctorSeverity.Error, DoctorCode.PeerDiffers, "virtual_ipaddress", p => p.ReplaceOnPeer("10.77.0.100/24 dev eth0", "10.77.0.100/24 dev eth0\n    10.77.0.101/24 dev eth0")),
        new(DoctorSeverity.Error, DoctorCode.PeerDiffers, "unicast_peer", p => p.ReplaceOnPeer("  unicast_peer {\n    10.77.0.1\n  }\n", "")),
        new(DoctorSeverity.Error, DoctorCode.PeerDiffers, "unicast_peer", p => p.ReplaceOnPeer("    10.77.0.1\n", "    10.77.0.3\n")),
    ];

    /// <summary>Mistakes that bring another one with them, or that no line of the file tells.</summary>
    internal static readonly (string[] Codes, Action<Patient> Make)[] WithOthers =
    [
        ([DoctorCode.NoPreemptMaster, DoctorCode.StateMaster], p => p.Replace("  state BACKUP", "  state MASTER\n  nopreempt")),
        ([DoctorCode.PriorityMissing, DoctorCode.CreditPriority], p => p.Replace("  priority 50\n", "")),
        ([DoctorCode.PriorityRange, DoctorCode.AppDiffers, DoctorCode.CreditPriority], p => p.Replace("priority 50", "priority 256")),
        ([DoctorCode.AuthPassLong, DoctorCode.AdvertVersion2], p => { p.ReplaceOnBoth("vrrp_version 3", "vrrp_version 2"); p.Replace("  advert_int", "  authentication {\n    auth_type PASS\n    auth_pass 123456789\n  }\n  advert_int"); }),
        ([DoctorCode.RouterIdTwice], p => { p.Options.PeerPath = null; p.Text += p.Text[p.Text.IndexOf("vrrp_instance VI_1", StringComparison.Ordinal)..].Replace("VI_1", "VI_2", StringComparison.Ordinal); }),
        ([DoctorCode.AddressMissing, DoctorCode.AppDiffers, DoctorCode.PeerDiffers], p => p.Replace("    10.77.0.100/24 dev eth0\n", "")),
        ([DoctorCode.CreditDirectory, DoctorCode.FifoDirectory], p => p.Host.Remove("/run/failover")),
        ([DoctorCode.CreditDirectoryUnit], p => p.Host.AddFile("/etc/systemd/system/shop.service", "[Service]\nUser=app\nRuntimeDirectory=shop failover\n")),
        ([DoctorCode.CreditDirectoryUnit], p => p.Host.AddFile("/etc/systemd/system/shop.service.d/run.conf", "[Service]\nRuntimeDirectory=failover\n")),
        ([DoctorCode.FifoRemoved], p => p.Host.AddFile("/etc/systemd/system/shop.service", "[Service]\nExecStopPost=-/usr/bin/rm -f /run/failover/credit /run/failover/vrrp.fifo\n")),
        ([DoctorCode.FifoMissing], p => p.Replace("  vrrp_notify_fifo /run/failover/vrrp.fifo app\n", "")),
        ([DoctorCode.AppDiffers], p => p.Options.App!.Instance = "VI_9"),
        ([DoctorCode.PidStale], p => { p.Host.AddFile("/run/keepalived.pid", "17\n"); p.Host.AddProcess(17, "postgres", 'S', "postgres -D /data"); }),
        ([DoctorCode.PidStale], p => { p.Host.AddFile("/run/vrrp.pid", "17\n"); p.Host.AddProcess(17, "keepalived", 'Z', ""); }),
        ([DoctorCode.PidStale], p => { p.Text = "use_pid_dir\ninstance blue\n" + p.Text; p.Host.AddFile("/run/keepalived/keepalived_blue.pid", "17\n"); p.Host.AddProcess(17, "postgres", 'S', "postgres -D /data"); }),
        ([DoctorCode.PidStale], p => { p.Options.PidFile = "/run/mine.pid"; p.Host.AddFile("/run/mine.pid", "17\n"); p.Host.AddProcess(17, "postgres", 'S', "postgres -D /data"); }),
        ([DoctorCode.FifoUser], p => p.Options.AppUser = "gone"),
        ([DoctorCode.Selinux], p => p.Host.AddFile("/sys/fs/selinux/enforce", "1")),
        ([DoctorCode.HostNotExamined], p => p.KnowsHost = false),
        ([DoctorCode.Unreadable], p => p.Options.PeerPath = "/tmp/gone.conf"),
        ([DoctorCode.NoInstance], p => { p.Options.PeerPath = null; p.Text = "global_defs {\n  vrrp_notify_fifo /run/failover/vrrp.fifo app\n}\n"; }),
        ([DoctorCode.NotJudged], p => { p.Text += "include round.conf\n"; p.Host.AddFile("/etc/keepalived/round.conf", "include round.conf\n"); }),
        ([DoctorCode.KeepalivedSays], p => p.Options.Keepalived = "/nowhere/keepalived"),
    ];

    /// <summary>Those of which each is one finding, at one line of the file.</summary>
    internal static Mistake[] Single => [.. OfTheFile, .. OfTheInstance, .. OfTrackers, .. OfTheCredit, .. OfTheFifo, .. OfTwoSides];

    private static void Priority(Patient p, int priority)
    {
        p.Options.App!.Priority = priority;
        p.Replace("priority 50", $"priority {priority}");
    }

    private static void Multicast(Patient p, Action<Patient> then)
    {
        p.Options.PeerPath = null;
        p.Replace("  unicast_src_ip 10.77.0.1\n", "");
        then(p);
    }

    private static void Script(Patient p, string program)
    {
        p.Host.AddFile(program, "", Everybody & ~(UnixFileMode.GroupWrite | UnixFileMode.OtherWrite));
        p.Replace("/usr/bin/curl", program);
    }

    private static void Process(Patient p, string name)
    {
        p.Replace("  process \"/usr/bin/dotnet\" \"/srv/shop/Shop.Api.dll\"\n", $"  process \"{name}\"\n");
        p.Replace("  param_match partial   # more arguments may follow\n", "");
    }
}
