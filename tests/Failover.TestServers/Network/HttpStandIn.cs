using System.Net.Sockets;
using System.Text;

namespace Failover.TestServers.Network;

/// <summary>Stands in for a small HTTP server, such as Patroni's REST API, and says what a test wants it to: it lies, or takes requests and never answers.</summary>
public sealed class HttpStandIn : IAsyncDisposable
{
    private readonly Acceptor _acceptor;
    private int _requests;

    private HttpStandIn(Func<string, (int Status, string Body)?> answer)
    {
        Answer = answer;
        _acceptor = new(ServeAsync);
        Address = new($"http://{_acceptor.EndPoint}");
    }

    /// <summary>Gets where it is.</summary>
    public Uri Address { get; }

    /// <summary>Gets or sets what it answers to a request line, <c>GET /primary</c>, with JSON; null to keep the caller waiting.</summary>
    public Func<string, (int Status, string Body)?> Answer { get; set; }

    /// <summary>Gets how many requests came.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Starts on a free port.</summary>
    public static HttpStandIn Start(Func<string, (int Status, string Body)?> answer) => new(answer);

    /// <summary>Closes all connections.</summary>
    public ValueTask DisposeAsync() => _acceptor.DisposeAsync();

    private async Task ServeAsync(TcpClient client, CancellationToken stop)
    {
        using StreamReader reader = new(client.GetStream(), Encoding.ASCII, leaveOpen: true);
        string request = await reader.ReadLineAsync(stop) ?? "";
        while (await reader.ReadLineAsync(stop) is { Length: > 0 })
        {
            // Headers say nothing here.
        }

        Interlocked.Increment(ref _requests);
        int end = request.LastIndexOf(' ');
        if (Answer(end < 0 ? request : request[..end]) is not { } answer)
        {
            await Task.Delay(Timeout.Infinite, stop);
            return;
        }

        byte[] body = Encoding.UTF8.GetBytes(answer.Body);
        byte[] head = Encoding.ASCII.GetBytes($"HTTP/1.1 {answer.Status} Said\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n");
        await client.GetStream().WriteAsync(head, stop);
        await client.GetStream().WriteAsync(body, stop);
    }
}
