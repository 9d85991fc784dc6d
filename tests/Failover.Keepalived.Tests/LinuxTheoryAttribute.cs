namespace Failover.Keepalived.Tests;

/// <summary>Tests of what Linux alone has.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxTheoryAttribute : TheoryAttribute
{
    public LinuxTheoryAttribute() => Skip = OperatingSystem.IsLinux() ? null : "It is about Linux.";
}
