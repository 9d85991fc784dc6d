using Failover.Keepalived.Doctor.Hosts;
using Failover.Keepalived.Doctor.Reading;
using Failover.Keepalived.Doctor.Rules;

namespace Failover.Keepalived.Doctor;

/// <summary>
/// Reads an existing configuration of keepalived, and the host, and tells every mistake that is known, each with its cure: most of them keepalived passes over in silence, and <c>keepalived -t</c> too. It changes nothing, needs no rights beyond those to read what it
/// looks at, and never throws because of what it finds. Any thread; it reads files, and takes some tens of milliseconds.
/// </summary>
public static class KeepalivedDoctor
{
    /// <summary>Examines a configuration by itself.</summary>
    /// <param name="path">The file, usually <c>/etc/keepalived/keepalived.conf</c>.</param>
    /// <returns>What was found, the worst first; empty if nothing is wrong.</returns>
    public static IReadOnlyList<DoctorFinding> Examine(string path) => Examine(path, new KeepalivedDoctorOptions());

    /// <summary>Examines a configuration, and whether it agrees with the settings of the app.</summary>
    /// <param name="path">The file, usually <c>/etc/keepalived/keepalived.conf</c>.</param>
    /// <param name="app">The settings of the app on this node.</param>
    /// <returns>What was found, the worst first; empty if nothing is wrong.</returns>
    public static IReadOnlyList<DoctorFinding> Examine(string path, KeepalivedOptions app)
    {
        ArgumentNullException.ThrowIfNull(app);
        return Examine(path, new KeepalivedDoctorOptions { App = app });
    }

    /// <summary>Examines a configuration, and what else is given.</summary>
    /// <param name="path">The file, usually <c>/etc/keepalived/keepalived.conf</c>.</param>
    /// <param name="options">What it is held against.</param>
    /// <returns>What was found, the worst first; empty if nothing is wrong.</returns>
    public static IReadOnlyList<DoctorFinding> Examine(string path, KeepalivedDoctorOptions options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(options);
        path = Path.GetFullPath(path);
        return OperatingSystem.IsLinux() ? Examine(path, options, new LinuxHost(), knowsHost: true) : Examine(path, options, new OtherHost(), knowsHost: false);
    }

    internal static IReadOnlyList<DoctorFinding> Examine(string path, KeepalivedDoctorOptions options, IHost host, bool knowsHost)
    {
        Findings findings = new();
        Examination e = new(ConfigTree.Read(path, host, NodeOf(host.Read("/proc/sys/kernel/hostname", 256) ?? ""), findings), PeerOf(options, host, findings), host, options, findings) { KnowsHost = knowsHost };
        KeywordRules.Look(e);
        InstanceRules.Look(e);
        AddressRules.Look(e);
        TrackerRules.Look(e);
        ScriptRules.Look(e);
        ProcessRules.Look(e);
        CreditRules.Look(e);
        FifoRules.Look(e);
        AppRules.Look(e);
        PeerRules.Look(e);
        HostRules.Look(e);
        if (options.Keepalived is { } program)
        {
            KeepalivedWord.Ask(e, program, path);
        }

        return findings.All;
    }

    // What else is wrong with the other node's file is told there.
    private static PeerConfig? PeerOf(KeepalivedDoctorOptions options, IHost host, Findings findings)
    {
        if (options.PeerPath is not { } path)
        {
            return null;
        }

        Findings theirs = new();
        string? node = options.PeerConfigId ?? (options.App is { Peer.Length: > 0 } app ? NodeOf(app.Peer) : null);
        ConfigTree tree = ConfigTree.Read(Path.GetFullPath(path), host, node, theirs);
        if (theirs.All.FirstOrDefault(one => one.Code == DoctorCode.Unreadable || (node is null && one.Key.StartsWith('@'))) is { } unread)
        {
            findings.Add(unread.Severity, unread.Code, unread.File, unread.Line, unread.Key, unread.What, unread.Cure);
            return null;
        }

        return new(tree);
    }

    // keepalived's own default.
    private static string NodeOf(string hostName) => hostName.Trim().Split('.')[0];
}
