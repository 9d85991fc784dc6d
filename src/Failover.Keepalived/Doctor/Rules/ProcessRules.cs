using Failover.Keepalived.Configuration;
using Failover.Keepalived.Doctor.Hosts;
using Failover.Keepalived.Doctor.Reading;

namespace Failover.Keepalived.Doctor.Rules;

/// <summary>Processes that are tracked: whether keepalived can find them.</summary>
internal static class ProcessRules
{
    internal static void Look(Examination e)
    {
        ConfigLine[] blocks = [.. TrackerKind.Process.Definitions(e.Tree)];
        foreach (ConfigLine block in blocks)
        {
            LookAtName(e, block);
        }

        if (blocks.Length > 0 && e.KnowsHost && e.Tree.All("net_namespace").FirstOrDefault() is null && !IsInHostNetwork(e.Host) && !Daemon.Of(e).HasNamespaceOption)
        {
            e.Error(DoctorCode.ProcessNamespace, blocks[0], "This is not the network of the host, and the kernel tells of processes there alone: a keepalived that was started here sees none, and with weight 0 the node stays in FAULT.", "Start keepalived in the network of the host, with --namespace or net_namespace for this one; or remove the block.");
        }
    }

    private static void LookAtName(Examination e, ConfigLine block)
    {
        if (block.Last("process") is not { } line || line.Words.Count > 2 || block.Last("full_command") is not null || block.Last("param_match") is not null)
        {
            return;
        }

        if (line.Value.Length > KeepalivedValues.LongestProgram)
        {
            e.Error(DoctorCode.ProcessName, line, $"The kernel keeps {KeepalivedValues.LongestProgram} characters of a program's name, and keepalived compares all of '{line.Value}': it never finds it, and with weight 0 the node stays in FAULT. keepalived -t says that all is well.", $"Write \"{line.Value[..KeepalivedValues.LongestProgram]}\".");
        }
        else if (line.Value.Contains('/', StringComparison.Ordinal))
        {
            e.Error(DoctorCode.ProcessName, line, $"'{line.Value}' is compared with the name of a program, which has no path: keepalived never finds it, and with weight 0 the node stays in FAULT. keepalived -t says that all is well.", $"Write \"{line.Value[(line.Value.LastIndexOf('/') + 1)..]}\", or add full_command.");
        }
        else if (line.Value == "dotnet")
        {
            e.Warn(DoctorCode.ProcessDotnet, line, "Each app that is started with dotnet is called dotnet: while another one runs, nobody sees the end of yours.", "Write the command just as it is started, with param_match partial, or publish a program of its own.");
        }
    }

    // What concerns the whole host is shown in its own network alone.
    private static bool IsInHostNetwork(IHost host) => host.Look("/proc/sys/net/core") is null || host.Look("/proc/sys/net/core/netdev_max_backlog") is not null;
}
