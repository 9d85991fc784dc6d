using System.Runtime.InteropServices;

namespace Failover.HealthChecks.Tests.Checks.DiskSpace;

/// <summary>Linux's own calls: the program <c>mount</c> would look at what is mounted, and hang there.</summary>
internal static partial class Mounts
{
    internal const ulong ReadOnly = 1;
    internal const ulong Remount = 32;
    private const int Detach = 2;

    /// <exception cref="IOException">It is not allowed.</exception>
    internal static void Mount(string source, string target, string type, ulong flags, string data)
    {
        if (mount(source, target, type, flags, data) != 0)
        {
            throw new IOException($"{type}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    internal static void Unmount(string target)
    {
        if (umount2(target, Detach) != 0)
        {
            throw new IOException($"{target}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int mount(string source, string target, string type, ulong flags, string data);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int umount2(string target, int flags);
}
