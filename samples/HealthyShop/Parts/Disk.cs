using System.Diagnostics;

namespace HealthyShop.Parts;

/// <summary>A disk that may be filled: a small one in memory where this program may mount one, else a part of yours of which only so much may be used.</summary>
internal sealed class Disk : IDisposable
{
    private const int MiB = 1 << 20;

    // The file system goes with this program, however that ends: then the shell's input does.
    private const string Mount = """
        mount -t tmpfs -o size=32m,mode=700 tmpfs "$1" 2>/dev/null || exit 1
        echo mounted
        cat >/dev/null
        umount "$1" || umount -l "$1"
        """;

    private readonly Process? _mount;

    internal Disk(string parent)
    {
        Folder = Directory.CreateDirectory(Path.Combine(parent, "spool")).FullName;
        if (OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess)
        {
            Process mount = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", Mount, "mount", Folder]) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false })!;
            if (mount.StandardOutput.ReadLine() == "mounted")
            {
                _mount = mount;
            }
            else
            {
                mount.Dispose();     // not allowed here, as in most containers
            }
        }

        // What others do to your disk meanwhile should not matter.
        MinimumFreeBytes = IsOwn ? 16 * MiB : Math.Max(0, new DriveInfo(Folder).AvailableFreeSpace - (160L * MiB));
    }

    internal string Folder { get; }

    internal bool IsOwn => _mount is not null;

    internal long MinimumFreeBytes { get; }

    /// <summary>A file that is large enough to leave less than <see cref="MinimumFreeBytes"/>.</summary>
    internal string Filler => Path.Combine(Folder, "filler");

    /// <summary>How large it has to be.</summary>
    internal int FillerMiB => IsOwn ? 24 : 320;

    public void Dispose()
    {
        if (_mount is { } mount)
        {
            mount.StandardInput.Close();
            mount.WaitForExit();
            mount.Dispose();
        }
    }
}
