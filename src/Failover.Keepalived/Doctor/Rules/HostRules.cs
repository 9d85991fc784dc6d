namespace Failover.Keepalived.Doctor.Rules;

/// <summary>What can keep keepalived from doing what is written, whatever that is.</summary>
internal static class HostRules
{
    internal static void Look(Examination e)
    {
        if (!e.KnowsHost)
        {
            e.Inform(DoctorCode.HostNotExamined, "host", "This is not Linux: only the file was examined, not the host.", "Examine it on the node.");
            return;
        }

        Daemon.Look(e);
        if (e.Host.Read("/sys/fs/selinux/enforce", 16)?.Trim() == "1")
        {
            e.Inform(DoctorCode.Selinux, "selinux", "SELinux is enforcing: its policy may deny keepalived the FIFO, the tracked file, the events of processes or a script, in its own log alone.", "Look for denials: ausearch -m avc -c keepalived.");
        }
    }
}
