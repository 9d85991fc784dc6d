using System.Diagnostics;

namespace Failover.Keepalived.Tests.Watching;

/// <summary>Does to a FIFO what keepalived does: makes it, has it open for reading and writing, writes lines, and removes it at a reload.</summary>
internal sealed class FakeKeepalived : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("failover-fifo-").FullName;
    private FileStream? _open;

    internal string Path => System.IO.Path.Combine(_folder, "run", "vrrp.fifo");

    public void Dispose()
    {
        Leave();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Makes the FIFO, if it is not there, and opens it. Read-write: so it neither waits for a reader nor fails without one.</summary>
    internal FakeKeepalived Start()
    {
        if (!File.Exists(Path))
        {
            Make(Path);
        }

        _open = Open(Path);
        return this;
    }

    internal void Write(params string[] words)
    {
        _open!.Write(System.Text.Encoding.UTF8.GetBytes(string.Concat(words.Select(static word => $"INSTANCE \"VI_1\" {word}\n"))));
        _open.Flush();
    }

    internal void WriteRaw(string text)
    {
        _open!.Write(System.Text.Encoding.Latin1.GetBytes(text));
        _open.Flush();
    }

    /// <summary>Is killed: the FIFO stays.</summary>
    internal void Leave()
    {
        _open?.Dispose();
        _open = null;
    }

    /// <summary>Removes the FIFO that it made, and makes it anew.</summary>
    internal void Reload()
    {
        File.Delete(Path);
        Leave();
        Start();
    }

    /// <summary>Another keepalived puts its own FIFO in the place of this one's, which has it open still.</summary>
    internal FileStream Usurp()
    {
        string other = Path + ".other";
        Make(other);
        File.Move(other, Path, overwrite: true);
        return Open(Path);
    }

    private static void Make(string path)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        using Process made = Process.Start("mkfifo", [path]);
        made.WaitForExit();
        Assert.Equal(0, made.ExitCode);
    }

    private static FileStream Open(string path) => new(path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 });
}
