namespace Failover.HealthChecks.Tests.Checks.DiskSpace;

/// <summary>A small real file system in memory.</summary>
internal sealed class Tmpfs : IDisposable
{
    internal Tmpfs(string options)
    {
        try
        {
            Mounts.Mount("tmpfs", Path, "tmpfs", 0, options);
        }
        catch
        {
            Directory.Delete(Path);
            throw;
        }
    }

    internal string Path { get; } = Directory.CreateTempSubdirectory("failover-mount-").FullName;

    /// <summary>Writes until nothing more goes in.</summary>
    internal void Fill()
    {
        try
        {
            using FileStream file = File.Create(System.IO.Path.Combine(Path, "full"), bufferSize: 0);
            byte[] block = new byte[4096];
            while (true)
            {
                file.Write(block);
            }
        }
        catch (IOException)
        {
        }
    }

    /// <summary>Makes empty files until there is no inode left.</summary>
    internal void FillInodes()
    {
        try
        {
            for (int number = 0; ; number++)
            {
                File.Create(System.IO.Path.Combine(Path, $"{number}")).Dispose();
            }
        }
        catch (IOException)
        {
        }
    }

    internal void RemountReadOnly() => Mounts.Mount("tmpfs", Path, "tmpfs", Mounts.Remount | Mounts.ReadOnly, "");

    public void Dispose()
    {
        Mounts.Unmount(Path);
        Directory.Delete(Path);
    }
}
