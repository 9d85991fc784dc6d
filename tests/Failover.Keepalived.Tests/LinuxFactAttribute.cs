namespace Failover.Keepalived.Tests;

/// <summary>A test of what Linux alone has.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute() => Skip = OperatingSystem.IsLinux() ? null : "It is about Linux.";
}
