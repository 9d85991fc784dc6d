using Failover.Keepalived.Doctor.Hosts;
using Failover.Keepalived.Doctor.Reading;

namespace Failover.Keepalived.Doctor.Rules;

/// <summary>The directory of a tracked file: it is what keepalived watches, and once it has gone nothing is watched.</summary>
internal static class DirectoryRules
{
    internal static void Look(Examination e, ConfigLine line, string path, bool isApps)
    {
        string directory = HostPath.DirectoryOf(path);
        if (e.Host.Look(directory) is not { Kind: HostFileKind.Directory } found)
        {
            e.Error(DoctorCode.CreditDirectory, line, $"There is no directory {directory}: keepalived drops the file, holds the address all the same, and says nothing, as does keepalived -t.", $"Make it before keepalived starts: {e.Tmpfiles(directory)} in /etc/tmpfiles.d/failover.conf.");
        }
        else
        {
            LookAtRights(e, line, directory, found, isApps);
        }

        Units.Look(e, line, HostPath.Plain(directory));
    }

    private static void LookAtRights(Examination e, ConfigLine line, string directory, HostFile found, bool isApps)
    {
        if (found.Mode.HasFlag(UnixFileMode.OtherWrite))
        {
            e.Warn(DoctorCode.CreditDirectoryOpen, line, $"Everybody can write in {directory}: whoever likes decides which node holds the address.", $"chmod o-w {HostPath.Quoted(directory)}");
        }

        if (isApps && e.Reader is { } user && !found.LetsReplaceFiles(user))
        {
            e.Error(DoctorCode.CreditDirectoryRights, line, $"{user.Name} cannot replace a file in {directory}: no credit is ever written.", $"chown {user.Name} {HostPath.Quoted(directory)}, and let tmpfiles.d make it so.");
        }
    }
}
