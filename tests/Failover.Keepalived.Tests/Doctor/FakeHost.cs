using Failover.Keepalived.Doctor.Hosts;

namespace Failover.Keepalived.Tests.Doctor;

/// <summary>A host that a test makes up: at first one on which a rendered configuration is well.</summary>
internal sealed class FakeHost : IHost
{
    private const UnixFileMode Usual = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly Dictionary<string, (HostFile File, string Text)> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HostUser> _users = new(StringComparer.Ordinal);

    internal FakeHost()
    {
        AddUser("root", 0);
        AddUser("app", 1000);
        AddUser("other", 1001);
        AddUser("nobody", 65534);
        AddDirectory("/");
        AddDirectory("/tmp", mode: Usual | Executable | UnixFileMode.OtherWrite | UnixFileMode.StickyBit);
        AddDirectory("/opt");
        AddDirectory("/opt/scripts", mode: Usual | Executable | UnixFileMode.OtherWrite);
        AddDirectory("/usr");
        AddDirectory("/usr/bin");
        AddDirectory("/run");
        AddDirectory("/run/failover", owner: 1000);
        AddDirectory("/run/systemd/system");
        AddDirectory("/sys/class/net/eth0");
        AddDirectory("/proc/sys/net/core");
        AddFile("/proc/sys/net/core/netdev_max_backlog", "1000\n");
        AddFile("/proc/sys/kernel/hostname", "node-a\n");
        AddFile("/usr/bin/curl", "", mode: Usual | Executable);
        AddFile("/etc/systemd/system/shop.service", "[Service]\nUser=app\n");
        AddFile("/etc/systemd/system/shop.service.d/failover.conf", "[Service]\nExecStartPre=/usr/bin/rm -f /run/failover/credit\nExecStopPost=/usr/bin/rm -f /run/failover/credit\n");
        AddFile("/etc/tmpfiles.d/failover.conf", "# Ours.\nd /run/failover 0755 app root -\n");
    }

    public HostUser? Self { get; set; } = new("root", 0, [0]);

    public HostFile? Look(string path) => _files.TryGetValue(path, out var found) ? found.File : null;

    public string? Read(string path, int maxBytes) => _files.TryGetValue(path, out var found) && found.File.Kind == HostFileKind.File && found.Text.Length <= maxBytes ? found.Text : null;

    public IReadOnlyList<string> List(string directory) =>
        [.. _files.Keys.Where(path => path.StartsWith($"{directory.TrimEnd('/')}/", StringComparison.Ordinal)).Select(path => path[(directory.TrimEnd('/').Length + 1)..].Split('/')[0]).Distinct()];

    public HostUser? User(string name) => _users.GetValueOrDefault(name);

    public bool HasGroup(string name) => _users.ContainsKey(name);

    internal void AddUser(string name, uint id) => _users[name] = new(name, id, [id]);

    internal void AddFile(string path, string text, UnixFileMode mode = Usual, uint owner = 0) => _files[path] = (new(HostFileKind.File, mode, owner, 0), text);

    internal void AddDirectory(string path, uint owner = 0, UnixFileMode mode = Usual | Executable) => _files[path] = (new(HostFileKind.Directory, mode, owner, 0), "");

    internal void AddFifo(string path, uint owner) => _files[path] = (new(HostFileKind.Fifo, UnixFileMode.UserRead | UnixFileMode.UserWrite, owner, 0), "");

    internal void AddProcess(int id, string name, char state, string command) =>
        (_files[$"/proc/{id}/stat"], _files[$"/proc/{id}/cmdline"]) = ((new(HostFileKind.File, Usual, 0, 0), $"{id} ({name}) {state} 1 1"), (new(HostFileKind.File, Usual, 0, 0), command.Replace(' ', '\0')));

    internal void MakeExecutable(string path) => _files[path] = (_files[path].File with { Mode = Usual | Executable }, _files[path].Text);

    internal void Remove(string path) => _files.Remove(path);
}
