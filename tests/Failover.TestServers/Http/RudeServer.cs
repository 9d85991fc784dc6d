using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Failover.TestServers.Network;

namespace Failover.TestServers.Http;

/// <summary>Takes requests over HTTP/1.1 and lets a test write whatever it wants in their place of an answer, byte by byte.</summary>
public sealed class RudeServer : IAsyncDisposable
{
    private readonly Func<string, Func<string, Task>, CancellationToken, Task> _answer;
    private readonly Acceptor _acceptor;

    /// <summary>Starts to listen on a free port.</summary>
    /// <param name="answer">Gets the path, what writes to the client, and a token that fires at the end of the test. The connection is closed when it returns.</param>
    public RudeServer(Func<string, Func<string, Task>, CancellationToken, Task> answer)
    {
        _answer = answer;
        _acceptor = new(ServeAsync);
    }

    /// <summary>Gets where it is: <c>http://127.0.0.1:1234</c>.</summary>
    public string Endpoint => $"http://{_acceptor.EndPoint}";

    /// <summary>Gets the requests so far: path, headers and body.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>Makes an answer that is whole.</summary>
    /// <param name="body">Its body, in ASCII.</param>
    /// <param name="status">Its status.</param>
    /// <param name="headers">More headers, each with its end of line.</param>
    public static string Answer(string body, int status = 200, string headers = "") =>
        $"HTTP/1.1 {status} x\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n{headers}Connection: close\r\n\r\n{body}";

    /// <summary>Makes a chunk of a body, in ASCII.</summary>
    public static string Chunk(string text) => $"{text.Length.ToString("x", CultureInfo.InvariantCulture)}\r\n{text}\r\n";

    /// <summary>Ends all that is under way.</summary>
    public ValueTask DisposeAsync() => _acceptor.DisposeAsync();

    private async Task ServeAsync(TcpClient client, CancellationToken stop)
    {
        NetworkStream stream = client.GetStream();
        byte[] buffer = new byte[16 * 1024];
        string request = "";
        while (!IsWhole(request))
        {
            int read = await stream.ReadAsync(buffer, stop);
            if (read == 0)
            {
                return;
            }

            request += Encoding.UTF8.GetString(buffer, 0, read);
        }

        Requests.Enqueue(request);
        await _answer(request.Split(' ')[1], async text => await stream.WriteAsync(Encoding.UTF8.GetBytes(text), stop), stop);
    }

    private static bool IsWhole(string request)
    {
        int body = request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        int length = request.IndexOf("Content-Length: ", StringComparison.OrdinalIgnoreCase);
        return body >= 4 && (length < 0 || request.Length - body >= int.Parse(request[(length + 16)..request.IndexOf('\r', length)], CultureInfo.InvariantCulture));
    }
}
