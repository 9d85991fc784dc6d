using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Failover.Scenarios.Servers;

/// <summary>
/// What a server did, a line each, given to the operating system at once so that it survives a SIGKILL:
/// <c>timestamp started</c>, <c>timestamp begin PATH CALL</c>, <c>timestamp executed CALL</c> (a POST took effect), <c>timestamp end CALL</c>.
/// The timestamps are those of <see cref="Stopwatch"/>, which all processes of a machine share.
/// </summary>
internal sealed class ServerJournal(string path) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly FileStream _file = new(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);

    internal void Started() => Write("started");

    internal void Begin(string path, string call) => Write($"begin {path} {call}");

    internal void Executed(string call) => Write($"executed {call}");

    internal void End(string call) => Write($"end {call}");

    public void Dispose() => _file.Dispose();

    private void Write(string what)
    {
        byte[] line = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetTimestamp()} {what}\n"));
        lock (_lock)
        {
            _file.Write(line);
        }
    }
}
