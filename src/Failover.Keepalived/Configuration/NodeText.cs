using System.Globalization;
using System.Text;

namespace Failover.Keepalived.Configuration;

/// <summary>The files of one node, made of settings that were checked.</summary>
internal sealed record NodeText(string Name, string Configuration, string DropIn)
{
    internal static NodeText Of(KeepalivedConfigOptions options, KeepalivedNodeOptions self, KeepalivedNodeOptions peer)
    {
        string device = self.Interface ?? options.Interface!;
        StringBuilder file = new();
        Add(file, $"# keepalived of {self.Name}; its peer is {peer.Name}. Both files are made by KeepalivedConfig, of Failover.Keepalived.");
        AddGlobals(file, options, self);
        AddTrackers(file, options);
        AddInstance(file, options, self, peer, device);
        return new(self.Name, file.ToString(), DropInOf(options, device));
    }

    internal static string TmpfilesOf(KeepalivedConfigOptions options)
    {
        StringBuilder file = new();
        Add(file, "# Never RuntimeDirectory= of the app: it goes when the app stops, and keepalived never looks at the file again.");
        foreach (string directory in DirectoriesOf(options))
        {
            Add(file, $"d {directory} 0755 {options.AppUser} root -");
        }

        return file.ToString();
    }

    internal static string AppDropInOf(KeepalivedConfigOptions options)
    {
        StringBuilder file = new();
        Add(file, "[Service]");
        Add(file, "# What the app wrote counts no longer once it has ended, however that was: no file counts as unproven.");
        Add(file, $"ExecStartPre=/usr/bin/rm -f {options.CreditFile}");
        Add(file, $"ExecStopPost=/usr/bin/rm -f {options.CreditFile}");
        Add(file, "# Never RuntimeDirectory= for it; this is for units with ProtectSystem=strict.");
        Add(file, $"ReadWritePaths={string.Join(' ', DirectoriesOf(options))}");
        return file.ToString();
    }

    private static string DropInOf(KeepalivedConfigOptions options, string device)
    {
        StringBuilder file = new();
        Add(file, "[Service]");
        Add(file, "# keepalived that was killed leaves the address here, while the peer takes it: two nodes would hold it.");
        Add(file, $"ExecStopPost=-/usr/sbin/ip address delete {options.Address}/{Number(options.PrefixLength)} dev {device}");
        return file.ToString();
    }

    private static void AddGlobals(StringBuilder file, KeepalivedConfigOptions options, KeepalivedNodeOptions self)
    {
        Add(file, "global_defs {");
        Add(file, $"  router_id {self.Name}");
        if (options.HangUrl is not null)
        {
            Add(file, "  enable_script_security");
            Add(file, $"  script_user {options.ScriptUser}");
        }

        Add(file, "  vrrp_version 3");
        Add(file, $"  vrrp_notify_fifo {options.Fifo} {options.AppUser}");
        Add(file, "  vrrp_notify_priority_changes true   # acknowledges the credit");
        Add(file, "  vrrp_higher_prio_send_advert true   # without these two, a split brain that has healed");
        Add(file, "  vrrp_garp_master_refresh 5          # can leave clients with the wrong node's MAC address");
        Add(file, "}");
    }

    private static void AddTrackers(StringBuilder file, KeepalivedConfigOptions options)
    {
        Add(file, "# 198 to 200 ready, 98 to 100 hold, 0 to 3 unproven, -254 FAULT; no file counts as 0.");
        Add(file, "track_file credit {");
        Add(file, $"  file \"{options.CreditFile}\"");
        Add(file, "  weight 1");
        Add(file, "  init_file 0 overwrite");
        Add(file, "}");
        if (options.Process is { } process)
        {
            AddProcess(file, process);
        }

        if (options.HangUrl is { } url)
        {
            Add(file, "# An app that hangs. Any answer counts (never -f), whoever signed it (-k); and it costs 200, never FAULT");
            Add(file, "# (weight 0): what befalls both nodes at once must leave the address where it is.");
            Add(file, "vrrp_script hang {");
            Add(file, $"  script \"{options.CurlPath} -sSk -o /dev/null -m 0.8 {url}\"");
            Add(file, "  interval 1");
            Add(file, "  timeout 1");
            Add(file, "  fall 1");
            Add(file, $"  weight {Number(KeepalivedValues.HangWeight)}");
            Add(file, "}");
        }
    }

    private static void AddProcess(StringBuilder file, string process)
    {
        Add(file, "# Seen only in the network namespace of the host.");
        Add(file, "vrrp_track_process crash {");
        if (KeepalivedConfigRules.IsCommand(process))
        {
            Add(file, $"  process {string.Join(' ', process.Split(' ').Select(static word => $"\"{word}\""))}");
            Add(file, "  param_match partial   # more arguments may follow");
        }
        else if (process.Length > KeepalivedValues.LongestProgram)
        {
            Add(file, $"  process \"{process[..KeepalivedValues.LongestProgram]}\"   # {process}: the kernel keeps {KeepalivedValues.LongestProgram} characters");
        }
        else
        {
            Add(file, $"  process \"{process}\"");
        }

        Add(file, "  weight 0");
        Add(file, "}");
    }

    // Never nopreempt: with it a node does not take over from one whose credit has fallen.
    private static void AddInstance(StringBuilder file, KeepalivedConfigOptions options, KeepalivedNodeOptions self, KeepalivedNodeOptions peer, string device)
    {
        Add(file, $"vrrp_instance {options.Instance} {{");
        Add(file, "  state BACKUP");
        Add(file, $"  interface {device}");
        Add(file, $"  virtual_router_id {Number(options.RouterId)}");
        Add(file, $"  priority {Number(self.Priority)}");
        Add(file, $"  advert_int {options.AdvertInterval.TotalSeconds.ToString("0.##", CultureInfo.InvariantCulture)}");
        if (options.Unicast)
        {
            Add(file, $"  unicast_src_ip {self.Address}");
            AddBlock(file, "unicast_peer", peer.Address!);
        }

        AddBlock(file, "virtual_ipaddress", $"{options.Address}/{Number(options.PrefixLength)} dev {device}");
        AddBlock(file, "track_file", "credit");
        if (options.Process is not null)
        {
            AddBlock(file, "track_process", "crash");
        }

        if (options.HangUrl is not null)
        {
            AddBlock(file, "track_script", "hang");
        }

        Add(file, "}");
    }

    private static void AddBlock(StringBuilder file, string name, string line)
    {
        Add(file, $"  {name} {{");
        Add(file, $"    {line}");
        Add(file, "  }");
    }

    private static IEnumerable<string> DirectoriesOf(KeepalivedConfigOptions options) =>
        new[] { options.CreditFile, options.Fifo }.Select(static path => path[..path.LastIndexOf('/')]).Distinct(StringComparer.Ordinal);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static void Add(StringBuilder file, string line) => file.Append(line).Append('\n');
}
