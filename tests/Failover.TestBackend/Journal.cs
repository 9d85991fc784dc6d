using System.Text;

namespace Failover.TestBackend;

/// <summary>What the server did, one line each, written through to the operating system at once: it survives a SIGKILL.</summary>
internal sealed class Journal(string path) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly FileStream _file = new(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);

    internal void Hit(string method, string path) => Write($"hit {method} {path}");

    internal void Executed(string order) => Write($"executed {order}");

    public void Dispose() => _file.Dispose();

    private void Write(string line)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(line + "\n");
        lock (_lock)
        {
            _file.Write(bytes);
        }
    }
}
