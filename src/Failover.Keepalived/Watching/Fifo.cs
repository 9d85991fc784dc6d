using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Failover.Keepalived.Watching;

/// <summary>The reading end of a FIFO, which never blocks: a <see cref="FileStream"/> would wait for a writer in its constructor, with no way out. Linux alone. Not safe for several threads.</summary>
internal sealed partial class Fifo : IDisposable
{
    private const int ReadOnlyNonBlockingCloseOnExec = 0x800 | 0x80000;
    private const int NoEntry = 2;
    private const int Interrupted = 4;
    private const int TryAgain = 11;
    private const int AccessDenied = 13;
    private const int IllegalSeek = 29;
    private const short CanBeRead = 1;

    private readonly SafeFileHandle _handle;
    private readonly string _link;
    private readonly string? _name;
    private readonly string _path;

    private Fifo(string path, SafeFileHandle handle)
    {
        (_path, _handle) = (path, handle);
        _link = $"/proc/self/fd/{handle.DangerousGetHandle()}";
        _name = NameOf(_link);
    }

    /// <summary>Gets whether the path leads to another file by now. The name of an open file tells, for its number is used again at once; one that was only removed is still written to.</summary>
    internal bool IsReplaced => NameOf(_link) != _name && File.Exists(_path);

    public void Dispose() => _handle.Dispose();

    /// <summary>Opens the FIFO.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="trouble">Why it cannot be read, if null is returned.</param>
    internal static Fifo? TryOpen(string path, out Unreadable? trouble)
    {
        SafeFileHandle handle;
        int error;
        do
        {
            handle = open(path, ReadOnlyNonBlockingCloseOnExec);
            error = Marshal.GetLastPInvokeError();
        }
        while (handle.IsInvalid && error == Interrupted);

        if (handle.IsInvalid)
        {
            handle.Dispose();
            trouble = WhyNot(path, error);
            return null;
        }

        // A file has a place to go to; a pipe has none.
        if (lseek(handle, 0, 1) == -1 && Marshal.GetLastPInvokeError() == IllegalSeek)
        {
            trouble = null;
            return new(path, handle);
        }

        handle.Dispose();
        trouble = new($"{path} is {(Directory.Exists(path) ? "a directory" : "a regular file")} and no FIFO: keepalived writes nothing to it; remove it, and restart keepalived", false);
        return null;
    }

    /// <summary>Reads what is there.</summary>
    /// <returns>How many bytes; 0 if nobody has it open for writing; null if there is nothing for now, and a writer.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    internal int? Read(Span<byte> buffer)
    {
        while (true)
        {
            nint count = read(_handle, buffer, buffer.Length);
            if (count >= 0)
            {
                return (int)count;
            }

            switch (Marshal.GetLastPInvokeError())
            {
                case Interrupted:
                    continue;
                case TryAgain:
                    return null;
                case var error:
                    throw new IOException($"{_path} cannot be read: {Marshal.GetPInvokeErrorMessage(error)}");
            }
        }
    }

    /// <summary>Waits until there is something to read, the last writer has gone, or somebody wakes it.</summary>
    internal static void Wait(Fifo? fifo, WakePipe wake, int milliseconds)
    {
        ReadOnlySpan<Polled> polled = [new(wake.Descriptor, CanBeRead), new(fifo is null ? -1 : (int)fifo._handle.DangerousGetHandle(), CanBeRead)];
        _ = poll(polled, (ulong)polled.Length, milliseconds);
    }

    private static Unreadable WhyNot(string path, int error)
    {
        string message = Marshal.GetPInvokeErrorMessage(error);
        return error switch
        {
            NoEntry when Path.GetDirectoryName(path) is { } folder && !Directory.Exists(folder) =>
                new($"the FIFO {path} is missing, and so is its directory: it must be there before keepalived starts", true),
            NoEntry => new($"the FIFO {path} is missing: keepalived does not run, or its vrrp_notify_fifo is another, or its directory was not there when keepalived started, which must be started again then", true),
            AccessDenied => new($"the FIFO {path} may not be read by {Environment.UserName} ({message}): name its user and group in vrrp_notify_fifo, and see that its directory may be entered", false),
            _ => new($"the FIFO {path} cannot be opened: {message}", false),
        };
    }

    private static string? NameOf(string link)
    {
        try
        {
            return new FileInfo(link).LinkTarget;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial SafeFileHandle open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial long lseek(SafeFileHandle file, long offset, int from);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(SafeFileHandle file, Span<byte> buffer, nint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int poll(ReadOnlySpan<Polled> files, ulong count, int milliseconds);

    /// <summary>struct pollfd. A negative descriptor is left out.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Polled(int descriptor, short wanted)
    {
        private readonly int _descriptor = descriptor;
        private readonly short _wanted = wanted;
        private readonly short _came;
    }
}
