using System.Runtime.InteropServices;

namespace Failover.HealthChecks.Checks.DiskSpace;

/// <summary>Asks the operating system. May hang where the disk does: a network file system whose server is away.</summary>
internal static partial class FileSystems
{
    private const ulong ReadOnlyFlag = 1;
    private const int NoEntry = 2;
    private const int Interrupted = 4;

    /// <exception cref="IOException">The path is not there, or cannot be looked at.</exception>
    internal static FileSystemUse Read(string path)
    {
        // The structure is the same on every 64-bit Linux, with glibc and with musl.
        if (!OperatingSystem.IsLinux() || IntPtr.Size != 8)
        {
            return ReadDrive(path);
        }

        VolumeFacts facts;
        while (statvfs(path, out facts) != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            if (error != Interrupted)
            {
                throw error == NoEntry ? Missing(path) : new IOException($"{path}: {Marshal.GetPInvokeErrorMessage(error)}");
            }
        }

        return new(
            Bytes(facts.AvailableBlocks, facts.FragmentSize),
            Bytes(facts.Blocks - facts.FreeBlocks, facts.FragmentSize),
            (long)facts.AvailableInodes,
            (long)facts.Inodes,
            (facts.Flags & ReadOnlyFlag) != 0);
    }

    private static FileSystemUse ReadDrive(string path)
    {
        if (!Path.Exists(path))
        {
            throw Missing(path);
        }

        DriveInfo drive = new(Path.GetFullPath(path));
        return new(drive.AvailableFreeSpace, drive.TotalSize - drive.TotalFreeSpace, 0, 0, IsReadOnly: false);
    }

    /// <summary>A file system that has no end says so with numbers that have none either.</summary>
    private static long Bytes(ulong blocks, ulong blockSize) => (long)UInt128.Min((UInt128)blocks * blockSize, long.MaxValue);

    private static DirectoryNotFoundException Missing(string path) => new($"{path} does not exist");

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int statvfs(string path, out VolumeFacts facts);

    /// <summary>struct statvfs, with room for what follows the flags.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 256)]
    private struct VolumeFacts
    {
        internal ulong BlockSize;
        internal ulong FragmentSize;
        internal ulong Blocks;
        internal ulong FreeBlocks;
        internal ulong AvailableBlocks;
        internal ulong Inodes;
        internal ulong FreeInodes;
        internal ulong AvailableInodes;
        internal ulong FileSystemId;
        internal ulong Flags;
    }
}
