using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Failover.Http.Tests;

/// <summary>A listener that does to each connection exactly what a test says: the faults that no decent HTTP server can be brought to make.</summary>
internal sealed class RawServer : IDisposable
{
    internal static readonly byte[] Ok = Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<Connection, Task> _serve;
    private int _requests;

    internal RawServer(Func<Connection, Task> serve)
    {
        _serve = serve;
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

        // Off the test's own context, whose few threads a server that never stops to send would keep.
        _ = Task.Run(AcceptAsync);
    }

    internal Uri Address { get; }

    /// <summary>How many whole requests were read.</summary>
    internal int Requests => Volatile.Read(ref _requests);

    public void Dispose() => _listener.Dispose();

    /// <summary>A server that nobody listens at any more.</summary>
    internal static Uri DeadAddress()
    {
        using var server = new RawServer(_ => Task.CompletedTask);
        return server.Address;
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptSocketAsync();
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                return;
            }

            _ = Task.Run(() => ServeAsync(socket));
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using (socket)
        {
            try
            {
                await _serve(new Connection(this, socket));
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                // The client has gone.
            }
        }
    }

    internal sealed class Connection(RawServer server, Socket socket)
    {
        /// <summary>Reads one request to its end; null if the client closed instead.</summary>
        internal async Task<string?> ReadRequestAsync()
        {
            var text = new StringBuilder();
            byte[] buffer = new byte[8192];
            while (true)
            {
                int read = await socket.ReceiveAsync(buffer);
                if (read == 0)
                {
                    return null;
                }

                text.Append(Encoding.ASCII.GetString(buffer, 0, read));
                string request = text.ToString();
                int end = request.IndexOf("\r\n\r\n", StringComparison.Ordinal);
                if (end >= 0 && (request.Contains("Expect:", StringComparison.Ordinal) || request.Length - end - 4 >= ContentLength(request)))
                {
                    Interlocked.Increment(ref server._requests);
                    return request;
                }
            }
        }

        internal async Task SendAsync(string text) => await socket.SendAsync(Encoding.ASCII.GetBytes(text));

        internal async Task SendAsync(byte[] bytes) => await socket.SendAsync(bytes);

        /// <summary>Closes with FIN, or with RST.</summary>
        internal void Close(bool reset)
        {
            if (reset)
            {
                socket.LingerState = new LingerOption(true, 0);
            }

            socket.Close();
        }

        internal void StopListening() => server._listener.Stop();

        private static int ContentLength(string request)
        {
            const string Header = "Content-Length: ";
            int at = request.IndexOf(Header, StringComparison.Ordinal);
            return at < 0 ? 0 : int.Parse(request.AsSpan(at + Header.Length, request.IndexOf('\r', at) - at - Header.Length), System.Globalization.CultureInfo.InvariantCulture);
        }
    }
}
