namespace Failover.Keepalived.Tests.Doctor;

/// <summary>A test about what Linux alone has.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute() => Skip = OperatingSystem.IsLinux() ? null : "It is about Linux.";
}
