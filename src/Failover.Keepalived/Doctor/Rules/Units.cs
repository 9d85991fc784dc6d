using Failover.Keepalived.Doctor.Hosts;
using Failover.Keepalived.Doctor.Reading;

namespace Failover.Keepalived.Doctor.Rules;

/// <summary>What systemd makes of a directory below /run, and of the files in it: a unit that makes the directory also removes it, nobody makes it again at boot unless somebody is told to, and a unit may remove what keepalived made.</summary>
internal static class Units
{
    private const int MaxBytes = 64 * 1024;

    private static readonly string[] TmpfilesFolders = ["/etc/tmpfiles.d", "/run/tmpfiles.d", "/usr/local/lib/tmpfiles.d", "/usr/lib/tmpfiles.d"];

    internal static void Look(Examination e, ConfigLine line, string directory)
    {
        if (!directory.StartsWith("/run/", StringComparison.Ordinal))
        {
            return;
        }

        bool isMadeForKeepalived = false;
        foreach (Unit unit in e.Services.Where(unit => unit.RemovesDirectory(directory)))
        {
            if (unit.IsOfKeepalived)
            {
                isMadeForKeepalived = true;
                continue;
            }

            e.Findings.Add(DoctorSeverity.Error, DoctorCode.CreditDirectoryUnit, unit.Path, null, "RuntimeDirectory", $"{unit.Name} makes {directory}, and removes it when it stops: from then on keepalived no longer looks at the file, and counts what stood in it last until it is reloaded.", $"Remove RuntimeDirectory, and write {e.Tmpfiles(directory)} into /etc/tmpfiles.d/failover.conf.");
        }

        if (!isMadeForKeepalived && HasSystemd(e.Host) && !TmpfilesLines(e.Host).Any(made => MakesAtBoot(made, directory)))
        {
            e.Warn(DoctorCode.CreditDirectoryBoot, line, $"Nothing in tmpfiles.d makes {directory}: after the next boot it is not there when keepalived starts.", $"Write {e.Tmpfiles(directory)} into /etc/tmpfiles.d/failover.conf.");
        }
    }

    // Without systemd there are no tmpfiles.d and units either.
    private static bool HasSystemd(IHost host) => host.Look("/run/systemd/system") is not null;

    private static IEnumerable<string> TmpfilesLines(IHost host) => TmpfilesFolders
        .SelectMany(folder => host.List(folder).Where(static name => name.EndsWith(".conf", StringComparison.Ordinal)).Select(name => $"{folder}/{name}"))
        .SelectMany(file => (host.Read(file, MaxBytes) ?? "").Split('\n'));

    private static bool MakesAtBoot(string line, string directory) =>
        UnitText.Words(line) is [['d' or 'D' or 'v' or 'q' or 'Q', ..], var path, ..] && HostPath.Plain(path) == directory;
}
