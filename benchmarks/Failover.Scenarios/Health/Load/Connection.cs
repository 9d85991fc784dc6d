using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Failover.Scenarios.Health.Load;

/// <summary>A connection that asks for a path again and again, one request at a time. It costs a fraction of HttpClient: on the same cores, what asks should not be what is measured.</summary>
internal sealed class Connection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _request;
    private readonly byte[] _buffer = new byte[64 << 10];

    private Connection(string path, string headers) => _request = Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n");

    internal static async Task<Connection> OpenAsync(int port, string path, CancellationToken cancellationToken, string headers = "")
    {
        Connection connection = new(path, headers);
        try
        {
            await connection._socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <returns>The status.</returns>
    internal async Task<int> AskAsync(CancellationToken cancellationToken)
    {
        int length = await ReadAsync(cancellationToken);
        return length > 12 ? int.Parse(_buffer.AsSpan(9, 3), CultureInfo.InvariantCulture) : throw new InvalidOperationException("No answer.");
    }

    /// <returns>The whole answer: status line, headers and body.</returns>
    internal async Task<string> AskForTextAsync(CancellationToken cancellationToken) => Encoding.UTF8.GetString(_buffer, 0, await ReadAsync(cancellationToken));

    public void Dispose() => _socket.Dispose();

    private async Task<int> ReadAsync(CancellationToken cancellationToken)
    {
        await _socket.SendAsync(_request, cancellationToken);
        int read = 0;
        while (!IsWhole(_buffer.AsSpan(0, read)))
        {
            int more = await _socket.ReceiveAsync(_buffer.AsMemory(read), cancellationToken);
            read += more > 0 ? more : throw new SocketException((int)SocketError.ConnectionReset);
        }

        return read;
    }

    private static bool IsWhole(ReadOnlySpan<byte> read)
    {
        int end = read.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return false;
        }

        ReadOnlySpan<byte> head = read[..(end + 2)];
        int at = head.IndexOf("Content-Length: "u8);
        if (at < 0)
        {
            return read.EndsWith("\r\n0\r\n\r\n"u8);
        }

        ReadOnlySpan<byte> number = head[(at + 16)..];
        return read.Length >= end + 4 + int.Parse(number[..number.IndexOf((byte)'\r')], CultureInfo.InvariantCulture);
    }
}
