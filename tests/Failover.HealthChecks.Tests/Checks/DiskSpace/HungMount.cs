using Microsoft.Win32.SafeHandles;

namespace Failover.HealthChecks.Tests.Checks.DiskSpace;

/// <summary>A file system that never answers, as one of the network whose server is away: its server in user space (FUSE) is this object, which reads no request.</summary>
internal sealed class HungMount : IDisposable
{
    private readonly SafeFileHandle _server = File.OpenHandle("/dev/fuse", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);

    internal HungMount() => Mounts.Mount("hung", Path, "fuse", 0, $"fd={_server.DangerousGetHandle()},rootmode=40000,user_id=0,group_id=0");

    internal string Path { get; } = Directory.CreateTempSubdirectory("failover-hung-").FullName;

    /// <summary>The server has gone: whoever waits for it gets an error.</summary>
    internal void End() => _server.Dispose();

    public void Dispose()
    {
        End();
        Mounts.Unmount(Path);
        Directory.Delete(Path);
    }
}
