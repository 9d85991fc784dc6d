using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Failover.HealthChecks;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.AspNetCore.Tests.Peers;

/// <summary>The endpoint, asked by somebody who has read its page and writes his own client.</summary>
public class PeerEndpointTests
{
    [Fact]
    public async Task A_signed_request_gets_a_signed_answer_with_the_state_and_nothing_in_words()
    {
        await using App app = await StartAsync(builder => builder.Services.AddHealthChecks()
            .AddCheck("db", new TestCheck(_ => Task.FromResult(HealthCheckResult.Degraded("Password=sesame", null, new Dictionary<string, object> { ["rows"] = 3 }))), tags: ["degrading"])
            .AddCheck("cache", TestCheck.Healthy));
        await App.UntilAsync(() => app.Health.Verdicts.CanServe, "it serves");
        string nonce = Nonce();

        using HttpResponseMessage response = await AskAsync(app, Header(nonce: nonce));
        byte[] body = await response.Content.ReadAsByteArrayAsync();

        Assert.Equal((HttpStatusCode.OK, "no-store", "application/json"), (response.StatusCode, response.Headers.CacheControl!.ToString(), response.Content.Headers.ContentType!.ToString()));
        Assert.Equal($"v1;{Mac([.. Encoding.UTF8.GetBytes($"failover-peer-answer-v1\n{nonce}\n"), .. body])}", response.Headers.GetValues("Failover-Peer").Single());
        JsonElement json = JsonDocument.Parse(body).RootElement;
        Assert.Equal(["node", "clock", "operational", "canServe", "alive", "groups", "checks"], json.EnumerateObject().Select(one => one.Name).Where(name => name != "revision"));
        Assert.Equal(("a", false, true, true), (json.GetProperty("node").GetString(), json.GetProperty("operational").GetBoolean(), json.GetProperty("canServe").GetBoolean(), json.GetProperty("alive").GetBoolean()));
        Assert.Equal([("db", "degraded"), ("cache", "healthy")], json.GetProperty("checks").EnumerateArray().Select(one => (one.GetProperty("name").GetString(), one.GetProperty("status").GetString())));
        Assert.DoesNotContain("sesame", Encoding.UTF8.GetString(body), StringComparison.Ordinal);
        Assert.DoesNotContain("rows", Encoding.UTF8.GetString(body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_is_replayed_is_refused()
    {
        await using App app = await StartAsync(static _ => { });
        string header = Header();

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(app, header));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(app, header));
        Assert.Equal("A request to the peer endpoint is refused: a request of b was sent twice, or there were too many. Told at most once in 10 seconds.", Assert.Single(app.Logged("PeerRefused")).Message);
    }

    [Fact]
    public async Task All_that_is_refused_looks_the_same()
    {
        await using App app = await StartAsync(static _ => { });
        string twice = Header();
        await StatusAsync(app, twice);
        ConcurrentBag<string> answers = [];
        foreach (string[] headers in new string[][] { [], [""], ["nonsense"], [new string('A', 5000)], [twice], [Header(ahead: 600)], [Header(ahead: -600)], [Header(node: "b b")], [Header(key: "another key, long enough")], [Header(path: "/health")], [Header(), Header()] })
        {
            using HttpRequestMessage request = new(HttpMethod.Get, PeerNodes.Path);
            request.Headers.TryAddWithoutValidation("Failover-Peer", headers);
            using HttpResponseMessage response = await app.Client.SendAsync(request);
            response.Headers.Date = null;
            answers.Add($"{response.StatusCode} {response.Headers}{response.Content.Headers}{await response.Content.ReadAsStringAsync()}");
        }

        Assert.Equal(11, answers.Count);
        Assert.StartsWith("Unauthorized", Assert.Single(answers.Distinct()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_GET_is_answered()
    {
        await using App app = await StartAsync(static _ => { });
        foreach (HttpMethod method in new[] { HttpMethod.Head, HttpMethod.Post, HttpMethod.Options })
        {
            using HttpRequestMessage request = new(method, PeerNodes.Path);
            request.Headers.TryAddWithoutValidation("Failover-Peer", Header());
            using HttpResponseMessage response = await app.Client.SendAsync(request);
            Assert.Equal((HttpStatusCode.MethodNotAllowed, "GET"), (response.StatusCode, response.Content.Headers.Allow.Single()));
        }
    }

    [Fact]
    public async Task A_stranger_who_knocks_again_and_again_is_logged_once()
    {
        await using App app = await StartAsync(static _ => { });
        for (int i = 0; i < 50; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(app, i % 2 == 0 ? $"stranger {i}" : $"v1;evil;1;{new string('A', 22)};{new string('A', 43)}"));
        }

        Assert.Single(app.Logged("PeerRefused"));
    }

    [Fact]
    public async Task It_cannot_be_mapped_without_peers() => Assert.Contains("AddPeers()", (await Assert.ThrowsAsync<InvalidOperationException>(
        () => App.StartAsync(_ => { }, (app, _) => app.MapFailoverPeer(PeerNodes.Path)))).Message, StringComparison.Ordinal);

    private static Task<App> StartAsync(Action<WebApplicationBuilder> build) => PeerNodes.StartAsync("a", 0, builder =>
    {
        builder.Services.AddSingleton<TimeProvider>(new OneTime());
        build(builder);
    });

    private static async Task<HttpStatusCode> StatusAsync(App app, string header)
    {
        using HttpResponseMessage response = await AskAsync(app, header);
        return response.StatusCode;
    }

    private static async Task<HttpResponseMessage> AskAsync(App app, string header)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, PeerNodes.Path);
        request.Headers.TryAddWithoutValidation("Failover-Peer", header);
        return await app.Client.SendAsync(request);
    }

    private static string Header(string? nonce = null, double ahead = 0, string node = "b", string key = PeerNodes.Key, string path = PeerNodes.Path)
    {
        nonce ??= Nonce();
        string time = OneTime.Now.AddSeconds(ahead).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        return $"v1;{node};{time};{nonce};{Mac(Encoding.UTF8.GetBytes($"failover-peer-request-v1\n{nonce}\n{time}\n{node}\nGET {path}"), key)}";
    }

    private static string Nonce() => Url(RandomNumberGenerator.GetBytes(16));

    private static string Mac(byte[] text, string key = PeerNodes.Key) => Url(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), text));

    private static string Url(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    /// <summary>A wall clock that stands still, and timers that go on.</summary>
    private sealed class OneTime : TimeProvider
    {
        internal static readonly DateTimeOffset Now = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
