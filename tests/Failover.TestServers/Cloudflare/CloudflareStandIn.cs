using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Failover.TestServers.Network;

namespace Failover.TestServers.Cloudflare;

/// <summary>Stands in for the API of Cloudflare with one zone, <c>example.com</c>, and is stricter than that. Cloudflare's own client works with it, too.</summary>
internal sealed class CloudflareStandIn : IAsyncDisposable
{
    internal const string ZoneName = "example.com";

    /// <summary>A token that may write.</summary>
    internal const string Token = "cfut_tests-only-0123456789abcdefghijklmnop";

    /// <summary>A token that may read.</summary>
    internal const string ReadToken = "cfut_tests-read-0123456789abcdefghijklmnop";

    private readonly Acceptor _acceptor;
    private readonly Lock _lock = new();

    private CloudflareStandIn() => _acceptor = new(ServeAsync);

    internal int Port => _acceptor.EndPoint.Port;

    /// <summary>Gets where it is.</summary>
    internal string Address => $"http://127.0.0.1:{Port}/client/v4";

    internal CloudflareZone Zone { get; } = new(ZoneName);

    /// <summary>Gets what was asked for, in order: <c>GET</c>, <c>batch</c>, <c>PATCH</c> and so on.</summary>
    internal ConcurrentQueue<string> Asked { get; } = [];

    /// <summary>Gets the headers that came with any request.</summary>
    internal ConcurrentDictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets or sets what goes wrong with a request, by what is asked for and how many of that came before; null for nothing.</summary>
    internal Func<string, int, CloudflareFault?> Interfere { get; set; } = static (_, _) => null;

    /// <summary>Gets or sets what happens right before a request is carried out.</summary>
    internal Action<string> Before { get; set; } = static _ => { };

    /// <summary>Gets or sets what happens right after a request was carried out, before it is answered.</summary>
    internal Action<string> After { get; set; } = static _ => { };

    /// <summary>Gets or sets how many requests more are taken, until it wants a rest of 3 seconds; null for any number.</summary>
    internal int? RequestsLeft { get; set; }

    internal static CloudflareStandIn Start() => new();

    public ValueTask DisposeAsync() => _acceptor.DisposeAsync();

    private async Task ServeAsync(TcpClient connection, CancellationToken stop)
    {
        connection.NoDelay = true;
        NetworkStream stream = connection.GetStream();
        while (await CloudflareCall.ReadAsync(stream, stop) is { } call && await AnswerAsync(stream, call, stop))
        {
            // The next one over the same connection.
        }
    }

    /// <returns>Whether the connection stays.</returns>
    private async Task<bool> AnswerAsync(NetworkStream stream, CloudflareCall call, CancellationToken stop)
    {
        foreach ((string name, string value) in call.Headers)
        {
            Headers[name] = value;
        }

        string asked = call.Method == "POST" && call.Path is [.., "batch"] ? "batch" : call.Method;
        int before;
        lock (_lock)
        {
            before = Asked.Count(one => one == asked);
            Asked.Enqueue(asked);
        }

        CloudflareFault? fault = Interfere(asked, before);
        bool isDone = fault is null or CloudflareFault.LoseAnswer or CloudflareFault.HangWhenDone or CloudflareFault.HalfAnAnswer or CloudflareFault.BadGatewayWhenDone or CloudflareFault.InternalErrorWhenDone;
        (int status, JsonObject body) = isDone ? Do(call, asked) : (0, []);
        After(asked);
        (string type, byte[] bytes) = ("application/json", Encoding.UTF8.GetBytes(body.ToJsonString()));
        (string headers, int? length) = (status == 429 ? "Retry-After: 3\r\n" : "", null);
        switch (fault)
        {
            case CloudflareFault.LoseAnswer or CloudflareFault.Drop:
                return false;
            case CloudflareFault.Hang or CloudflareFault.HangWhenDone:
                await Task.Delay(Timeout.Infinite, stop);
                return false;
            case CloudflareFault.HalfAnAnswer:
                (length, bytes) = (bytes.Length, bytes[..(bytes.Length / 2)]);
                break;
            case CloudflareFault.BadGatewayWhenDone:
                (status, type, bytes) = (502, "text/html", "<html><body><h1>502 Bad Gateway</h1></body></html>"u8.ToArray());
                break;
            case CloudflareFault.Page:
                (status, type, bytes) = (200, "text/html", "<html><body>Welcome to the guest network</body></html>"u8.ToArray());
                break;
            case CloudflareFault.Redirect:
                (status, type, bytes, headers) = (302, "text/html", [], $"Location: http://127.0.0.1:{Port}/client/v4/elsewhere\r\n");
                break;
            case CloudflareFault.EmptySuccess:
                (status, bytes) = (200, """{"success":true}"""u8.ToArray());
                break;
            case CloudflareFault.OtherJson:
                (status, bytes) = (200, """{"success":"yes","result":{"id":7},"errors":"none","result_info":[1]}"""u8.ToArray());
                break;
            case CloudflareFault.Nulls:
                (status, bytes) = (200, """{"success":true,"errors":[null],"result":[null,{"id":null,"type":"A","name":"shop.example.com","content":null,"ttl":-5,"tags":[null]}],"result_info":null}"""u8.ToArray());
                break;
            case CloudflareFault.Endless:
                (status, bytes) = (200, [.. "{\"success\":true,\"result\":[]"u8, .. Enumerable.Repeat((byte)' ', 2_000_000), (byte)'}']);
                break;
            case CloudflareFault.BrokenCompression:
                (status, bytes, headers) = (200, [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0xFF, 0xFF, 0xFF, 0xFF], "Content-Encoding: gzip\r\n");
                break;
            case CloudflareFault.InternalErrorWhenDone:
                (status, bytes) = (500, Refused(new(500, 10002, "Internal error")));
                break;
            case CloudflareFault.Refuse:
                (status, bytes) = (400, Refused(new(400, 9207, "Request body is invalid.")));
                break;
            case CloudflareFault.Unavailable:
                (status, bytes) = (503, Refused(new(503, 10003, "Service unavailable")));
                break;
            case CloudflareFault.Throttle:
                (status, bytes, headers) = (429, Refused(new(429, 971, "Please wait and consider throttling your request speed")), "Retry-After: 7\r\n");
                break;
            case CloudflareFault.ThrottleByCode:
                (status, bytes) = (400, Refused(new(400, 971, "Please wait and consider throttling your request speed")));
                break;
        }

        await CloudflareCall.WriteAsync(stream, status, type, bytes, headers, length, stop);
        return length is null;
    }

    private static byte[] Refused(CloudflareRefusal refusal) => Encoding.UTF8.GetBytes(refusal.Body.ToJsonString());

    private (int Status, JsonObject Body) Do(CloudflareCall call, string asked)
    {
        try
        {
            Authorize(call);
            Before(asked);
            if (call.Path is not ["client", "v4", "zones", var zone, "dns_records", ..] || zone != Zone.Id)
            {
                throw new CloudflareRefusal(404, 7003, $"Could not route to /{string.Join('/', call.Path.Skip(2))}, perhaps your object identifier is invalid?");
            }

            string[] below = call.Path[5..];
            if (call.Method == "GET" && below.Length == 0)
            {
                (JsonArray page, JsonObject info) = Zone.List(call.Query);
                JsonObject list = CloudflareRefusal.Envelope(page, [], true);
                list["result_info"] = info;
                return (200, list);
            }

            JsonObject result = (call.Method, below) switch
            {
                ("GET", [var id]) => Zone.Get(id),
                ("POST", []) => Zone.Create(call.Json()),
                ("POST", ["batch"]) => Zone.Batch(call.Json()),
                ("PUT", [var id]) => Zone.Update(id, call.Json(), isWhole: true),
                ("PATCH", [var id]) => Zone.Update(id, call.Json(), isWhole: false),
                ("DELETE", [var id]) => Zone.Delete(id),
                _ => throw new CloudflareRefusal(405, 10405, "Method not allowed for this authentication scheme"),
            };
            return (200, CloudflareRefusal.Envelope(result, [], true));
        }
        catch (CloudflareRefusal refusal)
        {
            return (refusal.Status, refusal.Body);
        }
    }

    private void Authorize(CloudflareCall call)
    {
        string header = call["Authorization"] ?? "";
        if (!header.StartsWith("Bearer ", StringComparison.Ordinal))
        {
            throw new CloudflareRefusal(400, 6003, "Invalid request headers", 6111, "Invalid format for Authorization header");
        }

        string token = header["Bearer ".Length..];
        if (token is not (Token or ReadToken))
        {
            // As a server should not, but may: what it was given stands in its answer.
            throw new CloudflareRefusal(403, 9109, $"Invalid access token {token}");
        }

        if (token == ReadToken && call.Method != "GET")
        {
            throw new CloudflareRefusal(403, 10000, "Authentication error");
        }

        lock (_lock)
        {
            if (RequestsLeft is { } left && (RequestsLeft = left - 1) < 0)
            {
                throw new CloudflareRefusal(429, 971, "Please wait and consider throttling your request speed");
            }
        }
    }
}
