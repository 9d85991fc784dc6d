using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace NightlyJob.Job;

/// <summary>
/// What the report is written to, one for all servers: it takes a line along with the token of who writes, and refuses one whose token is lower than the highest that it has seen. Kept by the demo, behind a socket; yours may be a table:
/// <c>update … where token &lt;= @token</c>. One caller at a time.
/// </summary>
internal sealed class Ledger(string path, string holder) : IAsyncDisposable
{
    private readonly string _term = Guid.NewGuid().ToString("N");
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private StreamReader? _reader;

    /// <returns>Whether it was taken.</returns>
    internal async Task<bool> WriteAsync(string? lineage, long? token)
    {
        if (_reader is null)
        {
            await _socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
            _reader = new(new NetworkStream(_socket));
        }

        byte[] line = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{holder}\t{_term}\t{lineage}\t{token}\n"));
        await _socket.SendAsync(line);
        return await _reader.ReadLineAsync() switch
        {
            "applied" => true,
            "refused" => false,
            _ => throw new IOException("The ledger is gone."),
        };
    }

    public ValueTask DisposeAsync()
    {
        _reader?.Dispose();
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
