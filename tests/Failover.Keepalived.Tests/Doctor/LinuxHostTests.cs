using System.Diagnostics;
using System.Runtime.Versioning;
using Failover.Keepalived.Doctor.Hosts;
using Failover.TestServers;

namespace Failover.Keepalived.Tests.Doctor;

/// <summary>What is read of the machine that the tests run on.</summary>
[SupportedOSPlatform("linux")]
public sealed class LinuxHostTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("failover-host-").FullName;
    private readonly LinuxHost _host = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [LinuxFact]
    public async Task Files_are_told_with_their_kind_their_rights_and_their_owner()
    {
        string file = Path.Combine(_folder, "file");
        string fifo = Path.Combine(_folder, "fifo");
        await File.WriteAllTextAsync(file, "text");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.GroupWrite | UnixFileMode.OtherExecute);
        File.SetUnixFileMode(_folder, UnixFileMode.StickyBit | UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.CreateSymbolicLink(Path.Combine(_folder, "link"), file);
        using Process mkfifo = Process.Start(RequiredServer.Locate("mkfifo"), ["-m", "600", fifo]);
        await mkfifo.WaitForExitAsync();
        HostUser self = _host.Self!;

        Assert.Equal(new(HostFileKind.File, UnixFileMode.UserRead | UnixFileMode.GroupWrite | UnixFileMode.OtherExecute, self.Id, self.Groups[0]), _host.Look(file));
        Assert.Equal(_host.Look(file), _host.Look(Path.Combine(_folder, "link")));
        Assert.Equal((HostFileKind.Fifo, UnixFileMode.UserRead | UnixFileMode.UserWrite), (_host.Look(fifo)!.Kind, _host.Look(fifo)!.Mode));
        Assert.Equal((HostFileKind.Directory, true), (_host.Look(_folder)!.Kind, _host.Look(_folder)!.Mode.HasFlag(UnixFileMode.StickyBit)));
        Assert.Equal(HostFileKind.Other, _host.Look("/dev/null")!.Kind);
        Assert.Null(_host.Look(Path.Combine(_folder, "gone")));
        Assert.Null(_host.Look("a\0b"));
    }

    [LinuxFact]
    public async Task Only_files_are_opened_and_only_short_ones_are_read()
    {
        string file = Path.Combine(_folder, "file");
        string fifo = Path.Combine(_folder, "fifo");
        await File.WriteAllTextAsync(file, "12345");
        using Process mkfifo = Process.Start(RequiredServer.Locate("mkfifo"), ["-m", "600", fifo]);
        await mkfifo.WaitForExitAsync();

        Assert.Equal("12345", _host.Read(file, 5));
        Assert.Null(_host.Read(file, 4));
        Assert.Null(_host.Read(fifo, 100));
        Assert.Null(_host.Read("/dev/zero", 100));
        Assert.Null(_host.Read(_folder, 100));
        Assert.Equal(["fifo", "file"], _host.List(_folder).Order());
        Assert.Empty(_host.List(Path.Combine(_folder, "gone")));
    }

    [LinuxFact]
    public void Users_groups_and_processes_are_found_by_name_and_number()
    {
        Assert.Equal(("root", 0u), (_host.User("root")!.Name, _host.User("root")!.Id));
        Assert.Contains(0u, _host.User("root")!.Groups);
        Assert.Null(_host.User("nobody-of-this-name"));
        Assert.Null(_host.User(""));
        Assert.True(_host.HasGroup("root"));
        Assert.False(_host.HasGroup("nobody-of-this-name"));
        Assert.Equal(Environment.UserName, _host.Self!.Name);

        HostProcess self = HostProcess.Of(_host, Environment.ProcessId)!;
        Assert.False(self.IsZombie);
        Assert.NotEmpty(self.Name);
        Assert.NotEmpty(self.Command);
        Assert.Null(HostProcess.Of(_host, int.MaxValue));
    }
}
