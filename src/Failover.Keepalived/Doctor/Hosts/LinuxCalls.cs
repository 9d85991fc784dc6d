using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Failover.Keepalived.Doctor.Hosts;

/// <summary>What .NET does not tell of a file and a user.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class LinuxCalls
{
    private const int RelativeToCurrent = -100;
    private const uint TypeModeAndOwners = 0x1 | 0x2 | 0x8 | 0x10;
    private const int EntrySize = 64 * 1024;
    private const int MaxGroups = 1024;

    /// <summary>statx has one layout on all architectures; stat has not.</summary>
    internal static HostFile? Look(string path)
    {
        if (path.Contains('\0', StringComparison.Ordinal) || statx(RelativeToCurrent, path, 0, TypeModeAndOwners, out FileFacts facts) != 0)
        {
            return null;
        }

        HostFileKind kind = (facts.Mode & 0xF000) switch
        {
            0x8000 => HostFileKind.File,
            0x4000 => HostFileKind.Directory,
            0x1000 => HostFileKind.Fifo,
            _ => HostFileKind.Other,
        };
        return new(kind, (UnixFileMode)(facts.Mode & 0xFFF), facts.Owner, facts.Group);
    }

    internal static HostUser? User(string name)
    {
        byte[] texts = new byte[EntrySize];
        fixed (byte* text = texts)
        {
            return getpwnam_r(name, out UserEntry entry, text, EntrySize, out nint found) == 0 && found != 0 ? Of(name, entry) : null;
        }
    }

    internal static HostUser? Self()
    {
        byte[] texts = new byte[EntrySize];
        fixed (byte* text = texts)
        {
            uint id = geteuid();
            return getpwuid_r(id, out UserEntry entry, text, EntrySize, out nint found) == 0 && found != 0
                ? Of(Marshal.PtrToStringUTF8(entry.Name) ?? "", entry)
                : new($"{id}", id, [getegid()]);
        }
    }

    internal static bool HasGroup(string name)
    {
        byte[] texts = new byte[EntrySize];
        fixed (byte* text = texts)
        {
            GroupEntry entry = default;
            return getgrnam_r(name, ref entry, text, EntrySize, out nint found) == 0 && found != 0;
        }
    }

    private static HostUser Of(string name, UserEntry entry)
    {
        uint[] groups = new uint[MaxGroups];
        int count = MaxGroups;
        fixed (uint* first = groups)
        {
            return new(name, entry.Id, getgrouplist(name, entry.Group, first, ref count) >= 0 ? groups[..count] : [entry.Group]);
        }
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int directory, string path, int flags, uint mask, out FileFacts facts);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int getpwnam_r(string name, out UserEntry entry, byte* texts, nuint length, out nint found);

    [LibraryImport("libc")]
    private static partial int getpwuid_r(uint id, out UserEntry entry, byte* texts, nuint length, out nint found);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int getgrnam_r(string name, ref GroupEntry entry, byte* texts, nuint length, out nint found);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int getgrouplist(string name, uint group, uint* groups, ref int count);

    [LibraryImport("libc")]
    private static partial uint geteuid();

    [LibraryImport("libc")]
    private static partial uint getegid();

    /// <summary>struct statx.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct FileFacts
    {
        [FieldOffset(20)]
        internal uint Owner;

        [FieldOffset(24)]
        internal uint Group;

        [FieldOffset(28)]
        internal ushort Mode;
    }

    /// <summary>struct passwd, with room for what follows.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct UserEntry
    {
        internal nint Name;
        internal nint Password;
        internal uint Id;
        internal uint Group;
        internal nint Comment;
        internal nint Folder;
        internal nint Shell;
    }

    /// <summary>struct group.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct GroupEntry
    {
        internal nint Name;
        internal nint Password;
        internal uint Id;
        internal nint Members;
    }
}
