using System.Runtime.Versioning;
using Failover.Keepalived.Configuration;
using Failover.Keepalived.Doctor;
using Failover.Keepalived.Tests.Configuration;
using Failover.Keepalived.Tests.Real;
using Failover.TestServers;
using Failover.TestServers.Virtual;

namespace Failover.Keepalived.Tests.Doctor;

/// <summary>What keepalived itself says of the same files: nothing of those that are rendered, and nothing of many that are wrong.</summary>
public sealed class RealKeepalivedTests
{
    /// <summary>Mistakes of which keepalived -t says nothing at all, and for which it ends with 0.</summary>
    private static readonly (string Code, Action<RealPatient> Make)[] Silent =
    [
        (DoctorCode.NoPreempt, p => p.Replace("  state BACKUP", "  state BACKUP\n  nopreempt")),
        (DoctorCode.PreemptDelay, p => p.Replace("  state BACKUP", "  state BACKUP\n  preempt_delay 3")),
        (DoctorCode.PriorityMissing, p => p.Replace("  priority 50\n", "")),
        (DoctorCode.CreditPriority, p => p.Replace("  priority 50\n", "  priority 100\n")),
        (DoctorCode.Strict, p => p.Replace("  vrrp_version 3", "  vrrp_version 3\n  vrrp_strict")),
        (DoctorCode.AddressPrefix, p => p.Replace("10.77.0.100/24", "10.77.0.100")),
        (DoctorCode.HigherPrioAdvert, p => p.Replace("vrrp_higher_prio_send_advert true", "vrrp_higher_prio_send_advert false")),
        (DoctorCode.GarpRefresh, p => p.Replace("vrrp_garp_master_refresh 5", "vrrp_garp_master_refresh 0")),
        (DoctorCode.TrackerUnused, p => p.Replace("  track_process {\n    crash\n  }\n", "")),
        (DoctorCode.ProcessName, p => p.Replace("\"shop-ready\"", "\"Company.Shop.Orders.Api\"")),
        (DoctorCode.CreditNotTracked, p => p.Replace("  track_file {\n    credit\n  }\n", "")),
        (DoctorCode.CreditDiffers, p => p.Replace("/credit\"", "/credits\"")),
        (DoctorCode.CreditWeight, p => p.Replace("  weight 1\n", "  weight 2\n")),
        (DoctorCode.CreditInit, p => p.Replace("  init_file 0 overwrite\n", "")),
        (DoctorCode.CreditDirectory, p => p.Replace("/shared/credit", "/gone/credit")),
        (DoctorCode.FifoDirectory, p => p.Replace("/shared/vrrp.fifo", "/gone/vrrp.fifo")),
        (DoctorCode.FifoUser, p => p.Replace($"vrrp.fifo {Environment.UserName}", "vrrp.fifo nobody-of-this-name")),
        (DoctorCode.FifoTwice, p => p.Replace("  vrrp_notify_priority", $"  notify_fifo {p.App.Fifo} {Environment.UserName}\n  vrrp_notify_priority")),
        (DoctorCode.FifoFile, p => File.WriteAllText(p.App.Fifo, "")),
        (DoctorCode.PriorityNotTold, p => p.Replace("  vrrp_notify_priority_changes true   # acknowledges the credit\n", "")),
    ];

    internal static IEnumerable<string> SilentCodes => Silent.Select(static mistake => mistake.Code);

    [SiteFact]
    public async Task What_is_rendered_is_right_for_keepalived_and_for_the_doctor()
    {
        using RealPatient patient = new();

        Assert.Equal((0, ""), await patient.TestAsync());
        Assert.Empty(patient.Examine(RequiredServer.Locate("keepalived")));
    }

    [SiteFact]
    public async Task All_that_can_be_rendered_is_right_for_keepalived_which_ends_itself_where_a_script_has_another_user()
    {
        using RealPatient patient = new();
        KeepalivedConfigOptions options = Given.EverythingOptions();
        (options.Interface, options.AppUser, options.CreditFile, options.Fifo) = (patient.App.Interface, Environment.UserName, patient.App.CreditFile, patient.App.Fifo);
        options.Process = patient.App.ProcessName;
        foreach (string node in new[] { "node-b", "node-a" })
        {
            patient.Text = new KeepalivedConfig(options).RenderFor(node);
            File.Delete(patient.Path);

            (int code, string said) = await patient.TestAsync();

            Assert.Equal("", said);
            Assert.Contains(code, new[] { 0, 143 });
        }

        Assert.Empty(patient.Examine(RequiredServer.Locate("keepalived")));
    }

    [SiteFact]
    public async Task Of_many_mistakes_keepalived_says_nothing_and_the_doctor_tells()
    {
        await Assert.AllAsync(Silent, async mistake =>
        {
            using RealPatient patient = new();
            mistake.Make(patient);

            Assert.Equal((0, ""), await patient.TestAsync());
            Assert.Contains(patient.Examine(), finding => finding.Code == mistake.Code);
        });
    }

    [SiteFact]
    [SupportedOSPlatform("linux")]
    public async Task An_executable_file_is_passed_over_by_keepalived_which_calls_that_a_success()
    {
        using RealPatient patient = new();
        patient.Write();
        File.SetUnixFileMode(patient.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        Assert.Equal((0, $"Configuration file '{patient.Path}' is not a regular non-executable file - skipping"), await patient.TestAsync());
        Assert.Equal(DoctorCode.Executable, Assert.Single(patient.Examine()).Code);
    }

    [SiteFact]
    public void What_keepalived_itself_says_is_told_with_its_line()
    {
        using RealPatient patient = new();
        patient.Replace("advert_int 0.2", "advert_int 0.005");
        patient.Replace("  state BACKUP", "  state BACKUP\n  no_such_keyword");

        DoctorFinding[] said = [.. patient.Examine(RequiredServer.Locate("keepalived")).Where(static finding => finding.Code == DoctorCode.KeepalivedSays)];

        Assert.Contains(said, finding => finding.What == "keepalived says: Unknown keyword 'no_such_keyword'" && finding.File == patient.Path && patient.Text.Split('\n')[finding.Line!.Value - 1] == "  no_such_keyword");
        Assert.Contains(said, static finding => finding.What.Contains("Advert interval (0.005) not valid!", StringComparison.Ordinal));
    }

    [SiteFact]
    public void A_pid_file_of_somebody_else_is_told()
    {
        using RealPatient patient = new();
        File.WriteAllText(patient.PidFile, $"{Environment.ProcessId}\n");

        DoctorFinding stale = Assert.Single(patient.Examine());

        Assert.Equal((DoctorCode.PidStale, patient.PidFile), (stale.Code, stale.Key));
        Assert.Contains($"It names process {Environment.ProcessId}, which is ", stale.What, StringComparison.Ordinal);
    }
}
