using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Failover.TestServers.Network;

/// <summary>Stands in for a small HTTP server, such as Patroni's REST API, and says what a test wants it to: it lies, or takes requests and never answers.</summary>
public sealed class HttpStandIn : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private int _requests;

    private HttpStandIn(Func<string, (int Status, string Body)?> answer)
    {
        Answer = answer;
        _listener.Start();
        Address = new($"http://{_listener.LocalEndpoint}");
        _accepting = AcceptAsync();
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
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using TcpClient connection = client;
        try
        {
            using StreamReader reader = new(client.GetStream(), Encoding.ASCII, leaveOpen: true);
            string request = await reader.ReadLineAsync(_stop.Token) ?? "";
            while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 })
            {
                // Headers say nothing here.
            }

            Interlocked.Increment(ref _requests);
            int end = request.LastIndexOf(' ');
            if (Answer(end < 0 ? request : request[..end]) is not { } answer)
            {
                await Task.Delay(Timeout.Infinite, _stop.Token);
                return;
            }

            byte[] body = Encoding.UTF8.GetBytes(answer.Body);
            byte[] head = Encoding.ASCII.GetBytes($"HTTP/1.1 {answer.Status} Said\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n");
            await client.GetStream().WriteAsync(head, _stop.Token);
            await client.GetStream().WriteAsync(body, _stop.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException)
        {
            // The caller went away, or the test is over.
        }
    }
}
