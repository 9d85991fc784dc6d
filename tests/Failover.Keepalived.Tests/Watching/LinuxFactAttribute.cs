namespace Failover.Keepalived.Tests.Watching;

/// <summary>A test of what Linux alone has.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute() => Skip = OperatingSystem.IsLinux() ? null : "keepalived runs on Linux alone.";
}
