namespace Failover.HealthChecks.Tests.Checks.DiskSpace;

/// <summary>A test that mounts file systems of its own: on Linux, as root, where that is allowed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MountFactAttribute : FactAttribute
{
    private static readonly string? Reason = Try();

    public MountFactAttribute() => Skip = Reason;

    /// <param name="device">What it needs beside.</param>
    public MountFactAttribute(string device) => Skip = Reason ?? (File.Exists(device) ? null : $"There is no {device}.");

    private static string? Try()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            return "Mounts a file system, for which it must be root on Linux.";
        }

        try
        {
            using Tmpfs mount = new("size=64k");
            return null;
        }
        catch (IOException exception)
        {
            return $"Mounts a file system, which is not allowed here: {exception.Message}";
        }
    }
}
