using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Failover.TestServers.Http;

namespace Failover.Etcd.Tests.Arbitration;

/// <summary>Says what etcd says of a lease that is free, or held by one ask; or, at one step, something else.</summary>
internal sealed class FakeEtcd : IAsyncDisposable
{
    private const string Put = """{"response_put":{}}""";
    private readonly RudeServer _server;
    private readonly LeaseRequest _request;

    internal FakeEtcd(LeaseRequest request)
    {
        _request = request;
        _server = new(AnswerAsync);
    }

    internal string Endpoint => _server.Endpoint;

    /// <summary>Gets the answers that take the place of the right ones, by their step: <c>look</c>, <c>grant</c>, <c>write</c>, <c>revoke</c>. Without a body, none comes; <c>$ID</c> stands for the id that was asked for.</summary>
    internal Dictionary<string, (int Status, string? Body)> Lies { get; } = [];

    /// <summary>Gets or sets whether the lease is held, by the ask.</summary>
    internal bool IsHeld { get; set; }

    /// <summary>Gets what was asked for: the path and the message.</summary>
    internal ConcurrentQueue<(string Path, string Message)> Asked { get; } = new();

    internal static string Key(string key) => Convert.ToBase64String(Encoding.UTF8.GetBytes(key));

    /// <summary>What a look finds, key by key.</summary>
    internal static string Look(params string[] keys) => Look(9, keys);

    private static string Look(int revision, params string[] keys) => $"{{{At(revision)},\"succeeded\":true,\"responses\":[{string.Join(',', keys.Select(static kv => $"{{\"response_range\":{{{(kv.Length == 0 ? "" : $"\"kvs\":[{kv}],\"count\":\"1\"")}}}}}"))}]}}";

    internal static string Stored(string key, string value, long revision = 5) => $$"""{"key":"{{Key(key)}}","create_revision":"{{revision}}","mod_revision":"{{revision}}","version":"1","value":"{{Key(value)}}","lease":"77"}""";

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static string At(int revision) => $$""" "header":{"cluster_id":"18446744073709551615","member_id":"1","revision":"{{revision}}","raft_term":"2"}""";

    private async Task AnswerAsync(string path, Func<string, Task> write, CancellationToken ending)
    {
        string request = _server.Requests.Last();
        string message = request[request.IndexOf("\r\n\r\n", StringComparison.Ordinal)..];
        Asked.Enqueue((path, message));
        using JsonDocument asked = JsonDocument.Parse(message);
        string id = asked.RootElement.TryGetProperty("ID", out JsonElement given) && given.GetString() is { } text && text != "0" ? text : "4711";
        string step = path switch { "/v3/lease/grant" => "grant", "/v3/lease/revoke" => "revoke", _ => asked.RootElement.GetProperty("compare").GetArrayLength() == 0 ? "look" : "write" };
        (int status, string? body) = Lies.TryGetValue(step, out (int, string?) lie) ? lie : (200, step switch
        {
            "look" => Look(
                IsHeld ? 10 : 9,
                Stored("/failover/leases/lineage", "abcdef"),
                "",
                IsHeld ? Stored($"/failover/leases/held/{_request.Resource}", $$"""{"holder":"{{_request.Holder}}","attempt":"{{_request.Attempt}}"}""") : "",
                ""),
            "grant" => $$"""{{{At(9)}},"ID":"$ID","TTL":"30"}""",
            "write" => $"{{{At(IsHeld ? 11 : 10)},\"succeeded\":true,\"responses\":[{(IsHeld ? "" : """{"response_put":{}},""")}{Put}]}}",
            _ => $"{{{At(9)}}}",
        });
        if (body is null)
        {
            await Task.Delay(Timeout.Infinite, ending);
        }

        await write(RudeServer.Answer(body!.Replace("$ID", id, StringComparison.Ordinal), status));
    }
}
