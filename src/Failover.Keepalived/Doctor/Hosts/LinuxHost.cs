using System.Runtime.Versioning;

namespace Failover.Keepalived.Doctor.Hosts;

/// <summary>The host that this process runs on.</summary>
[SupportedOSPlatform("linux")]
internal sealed class LinuxHost : IHost
{
    public HostUser? Self => LinuxCalls.Self();

    public HostFile? Look(string path) => LinuxCalls.Look(path);

    // Never a FIFO or a device: to open one may wait for ever.
    public string? Read(string path, int maxBytes) => Look(path) is { Kind: HostFileKind.File } ? HostText.Read(path, maxBytes) : null;

    public IReadOnlyList<string> List(string directory) => HostText.List(directory);

    public HostUser? User(string name) => LinuxCalls.User(name);

    public bool HasGroup(string name) => LinuxCalls.HasGroup(name);
}
