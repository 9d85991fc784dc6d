using System.Globalization;
using System.Text;

namespace Quickstart.Servers;

/// <summary>What an order server writes down of itself, each line handed to the operating system before the server goes on: so it outlives the server's own kill, and tells afterwards what was executed.</summary>
internal sealed class Journal : IDisposable
{
    private readonly Lock _writing = new();
    private readonly FileStream _file;

    internal Journal(string path)
    {
        // Without a buffer each line is one write.
        _file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        Write("started");
    }

    internal void Arrived(long request, string method, string path) => Write(string.Create(CultureInfo.InvariantCulture, $"arrived {request} {method} {path}"));

    internal void Executed(int order) => Write(string.Create(CultureInfo.InvariantCulture, $"executed {order}"));

    internal void Answered(long request, int status) => Write(string.Create(CultureInfo.InvariantCulture, $"answered {request} {status}"));

    internal void Refusing() => Write("refusing");

    internal void Serving() => Write("serving");

    public void Dispose() => _file.Dispose();

    private void Write(string line)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(line + "\n");
        lock (_writing)
        {
            _file.Write(bytes);
        }
    }
}
