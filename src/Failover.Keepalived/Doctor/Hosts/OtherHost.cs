namespace Failover.Keepalived.Doctor.Hosts;

/// <summary>A host that is not Linux: files can be read, and nothing else is known.</summary>
internal sealed class OtherHost : IHost
{
    public HostUser? Self => null;

    public HostFile? Look(string path) =>
        File.Exists(path) ? new(HostFileKind.File, UnixFileMode.None, 0, 0)
        : Directory.Exists(path) ? new(HostFileKind.Directory, UnixFileMode.None, 0, 0)
        : null;

    public string? Read(string path, int maxBytes) => HostText.Read(path, maxBytes);

    public IReadOnlyList<string> List(string directory) => HostText.List(directory);

    public HostUser? User(string name) => null;

    public bool HasGroup(string name) => false;
}
