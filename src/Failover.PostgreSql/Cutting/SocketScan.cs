using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Failover.PostgreSql.Cutting;

/// <summary>
/// Cuts sockets of this process by where they lead to, found in its table of open files. It knows nothing of pools: two that lead to one address are one to it. Linux and macOS; about 18 µs for each open file.
/// </summary>
internal static partial class SocketScan
{
    private const int LongestAddress = 128;
    private const int Both = 2;

    internal static bool IsSupported => OperatingSystem.IsLinux() || OperatingSystem.IsMacOS();

    /// <summary>Shuts every TCP socket that is connected to one of the addresses, but for those with a spared local port.</summary>
    /// <returns>How many.</returns>
    internal static int Cut(IReadOnlyCollection<IPEndPoint> peers, Func<int, bool> isSpared)
    {
        int cut = 0;
        foreach (string file in peers.Count == 0 ? [] : Directory.EnumerateFileSystemEntries(OperatingSystem.IsMacOS() ? "/dev/fd" : "/proc/self/fd"))
        {
            if (!int.TryParse(Path.GetFileName(file), NumberStyles.None, CultureInfo.InvariantCulture, out int descriptor))
            {
                continue;
            }

            // A copy pins what was looked at: the number itself may be another file's by the time of the shutdown.
            int copy = fcntl(descriptor, OperatingSystem.IsMacOS() ? 67 : 1030, 3);
            if (copy < 0)
            {
                continue;
            }

            if (Address(copy, remote: true) is { } peer && peers.Contains(peer) && Address(copy, remote: false) is { } own && !isSpared(own.Port) && shutdown(copy, Both) == 0)
            {
                cut++;
            }

            _ = close(copy);
        }

        return cut;
    }

    private static IPEndPoint? Address(int descriptor, bool remote)
    {
        Span<byte> name = stackalloc byte[LongestAddress];
        int length = LongestAddress;
        if ((remote ? getpeername(descriptor, name, ref length) : getsockname(descriptor, name, ref length)) != 0)
        {
            return null;
        }

        // macOS has the length before the family, which is one byte there.
        bool isMac = OperatingSystem.IsMacOS();
        int family = isMac ? name[1] : MemoryMarshal.Read<ushort>(name);
        int port = (name[2] << 8) | name[3];
        if (family == 2)
        {
            return new IPEndPoint(new IPAddress(name[4..8]), port);
        }

        if (family != (isMac ? 30 : 10))
        {
            return null;
        }

        IPAddress address = new(name[8..24]);
        return new IPEndPoint(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, port);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(int descriptor, int command, int argument);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getpeername(int descriptor, Span<byte> name, ref int length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getsockname(int descriptor, Span<byte> name, ref int length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int shutdown(int descriptor, int how);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int descriptor);
}
