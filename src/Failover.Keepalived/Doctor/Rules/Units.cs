using Failover.Keepalived.Doctor.Hosts;
using Failover.Keepalived.Doctor.Reading;

namespace Failover.Keepalived.Doctor.Rules;

/// <summary>What systemd makes of a directory below /run: a unit that makes it also removes it, and nobody makes it again at boot unless somebody is told to.</summary>
internal static class Units
{
    private const int MaxBytes = 64 * 1024;
    private const int MaxUnits = 2000;

    private static readonly string[] UnitFolders = ["/etc/systemd/system", "/run/systemd/system", "/usr/local/lib/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"];
    private static readonly string[] TmpfilesFolders = ["/etc/tmpfiles.d", "/run/tmpfiles.d", "/usr/local/lib/tmpfiles.d", "/usr/lib/tmpfiles.d"];

    internal static void Look(Examination e, ConfigLine line, string directory)
    {
        if (!directory.StartsWith("/run/", StringComparison.Ordinal))
        {
            return;
        }

        bool isMadeForKeepalived = false;
        foreach ((string unit, string path, _) in All(e.Host).Where(unit => Makes(unit.Settings, directory)))
        {
            if (unit.StartsWith("keepalived", StringComparison.Ordinal))
            {
                isMadeForKeepalived = true;
                continue;
            }

            e.Findings.Add(DoctorSeverity.Error, DoctorCode.CreditDirectoryUnit, path, null, "RuntimeDirectory", $"{unit} makes {directory}, and removes it when it stops: from then on keepalived no longer looks at the file, and counts what stood in it last until it is reloaded.", $"Remove RuntimeDirectory, and write {e.Tmpfiles(directory)} into /etc/tmpfiles.d/failover.conf.");
        }

        if (!isMadeForKeepalived && HasSystemd(e.Host) && !TmpfilesLines(e.Host).Any(made => MakesAtBoot(made, directory)))
        {
            e.Warn(DoctorCode.CreditDirectoryBoot, line, $"Nothing in tmpfiles.d makes {directory}: after the next boot it is not there when keepalived starts.", $"Write {e.Tmpfiles(directory)} into /etc/tmpfiles.d/failover.conf.");
        }
    }

    /// <summary>Whether a unit removes a file when its app ends, or before it starts.</summary>
    internal static bool Removes(IHost host, string file) => All(host)
        .SelectMany(static unit => unit.Settings)
        .Any(line => (line.StartsWith("ExecStartPre=", StringComparison.Ordinal) || line.StartsWith("ExecStopPost=", StringComparison.Ordinal)) && line.Contains(file, StringComparison.Ordinal));

    // Without systemd there are no tmpfiles.d and units either.
    private static bool HasSystemd(IHost host) => host.Look("/run/systemd/system") is not null;

    /// <summary>The units with the settings of their files and drop-ins, the first folder first: it stands over the others.</summary>
    private static IEnumerable<(string Name, string Path, string[] Settings)> All(IHost host)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (string folder in UnitFolders)
        {
            foreach (string name in host.List(folder).Where(static name => name.EndsWith(".service", StringComparison.Ordinal) || name.EndsWith(".service.d", StringComparison.Ordinal)))
            {
                string unit = name.EndsWith(".d", StringComparison.Ordinal) ? name[..^2] : name;
                if (seen.Count >= MaxUnits || !seen.Add(unit))
                {
                    continue;
                }

                string[] files =
                [
                    .. UnitFolders.Select(other => $"{other}/{unit}").Where(file => host.Look(file) is not null).Take(1),
                    .. UnitFolders.SelectMany(other => host.List($"{other}/{unit}.d").Where(static drop => drop.EndsWith(".conf", StringComparison.Ordinal)).Select(drop => $"{other}/{unit}.d/{drop}")),
                ];
                yield return (unit, $"{folder}/{name}", [.. files.SelectMany(file => (host.Read(file, MaxBytes) ?? "").Split('\n')).Select(static line => line.Trim())]);
            }
        }
    }

    private static bool Makes(string[] settings, string directory) =>
        !settings.Contains("RuntimeDirectoryPreserve=yes")
        && settings
            .Where(static line => line.StartsWith("RuntimeDirectory=", StringComparison.Ordinal))
            .SelectMany(static line => line["RuntimeDirectory=".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(static name => $"/run/{name.Split(':')[0]}")
            .Any(made => directory == made || directory.StartsWith($"{made}/", StringComparison.Ordinal));

    private static IEnumerable<string> TmpfilesLines(IHost host) => TmpfilesFolders
        .SelectMany(folder => host.List(folder).Where(static name => name.EndsWith(".conf", StringComparison.Ordinal)).Select(name => $"{folder}/{name}"))
        .SelectMany(file => (host.Read(file, MaxBytes) ?? "").Split('\n'));

    private static bool MakesAtBoot(string line, string directory) =>
        line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries) is [['d' or 'D' or 'v' or 'q' or 'Q', ..], var path, ..] && HostPath.Plain(path.Trim('"')) == directory;
}
