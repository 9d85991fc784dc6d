using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Failover.AspNetCore.Tests.Answers;

public class HostileRequestsTests
{
    private const string Pass = "\r\n\r\n{\"status\":\"pass\"}";

    [Fact]
    public async Task Requests_in_one_packet_are_answered_in_order()
    {
        await using App app = await App.StartAsync();
        string requests = string.Concat(Enumerable.Repeat("GET /health/live HTTP/1.1\r\nHost: a\r\n\r\nHEAD /health/live HTTP/1.1\r\nHost: a\r\n\r\nPOST /health/live HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", 200));

        string answers = await Wire.AskAsync(app.Port, requests + "GET /health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

        Assert.Equal(401, Count(answers, "HTTP/1.1 200 OK"));
        Assert.Equal(201, Count(answers, "{\"status\":\"pass\"}"));
        Assert.Equal(200, Count(answers, "HTTP/1.1 405 Method Not Allowed"));
        Assert.EndsWith(Pass, answers, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET /health/live HTTP/1.0\r\n\r\n", "HTTP/1.1 200")]
    [InlineData("GET /health/live?a=b&c=%00%ff HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "HTTP/1.1 200")]
    [InlineData("GET /HEALTH/Live/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "HTTP/1.1 200")]
    [InlineData("GET /health/./live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "HTTP/1.1 200")]
    [InlineData("GET /health/live HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\nabcde\r\n0\r\n\r\n", "HTTP/1.1 200")]
    [InlineData("GET /health/live HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\nConnection: close\r\n\r\n", "HTTP/1.1 200")]
    [InlineData("GET /health/live HTTP/1.1\r\nHost: a\r\nRange: bytes=0-1\r\nIf-None-Match: *\r\nIf-Modified-Since: Thu, 01 Jan 2099 00:00:00 GMT\r\nConnection: close\r\n\r\n", "HTTP/1.1 200")]
    [InlineData("GET /health/live HTTP/1.1\r\nConnection: close\r\n\r\n", "HTTP/1.1 400")]
    [InlineData("GET /health/live HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n", "HTTP/1.1 400")]
    [InlineData("GET /health/live\r\n\r\n", "HTTP/1.1 400")]
    [InlineData("\0\u0001\u0002\u00ff\r\n\r\n", "HTTP/1.1 400")]
    [InlineData("GET /health/live HTTP/1.1\r\nHost: a\r\nbroken header\r\n\r\n", "HTTP/1.1 400")]
    [InlineData("GET /health/nothing HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "HTTP/1.1 404")]
    public async Task Odd_requests_are_answered_as_http_says_and_the_next_one_as_ever(string request, string expected)
    {
        await using App app = await App.StartAsync();

        Assert.StartsWith(expected, await Wire.AskAsync(app.Port, request), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await app.StatusAsync("/health/live"));
    }

    [Fact]
    public async Task A_request_that_is_too_large_is_refused_and_the_next_one_answered()
    {
        await using App app = await App.StartAsync();
        string fat = await Wire.AskAsync(app.Port, $"GET /health/live HTTP/1.1\r\nHost: a\r\nAccept: {new string(',', 40_000)}\r\n\r\n");
        string commas = await Wire.AskAsync(app.Port, $"GET /health/live HTTP/1.1\r\nHost: a\r\nAccept: text/plain;q=0.1{new string(',', 20_000)}\r\nConnection: close\r\n\r\n");
        string line = await Wire.AskAsync(app.Port, $"GET /health/live?{new string('a', 10_000)} HTTP/1.1\r\nHost: a\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 431", fat, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\npass", commas, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 414", line, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await app.StatusAsync("/health/live"));
    }

    [Fact]
    public async Task Callers_that_dawdle_or_leave_keep_nobody_waiting()
    {
        await using App app = await App.StartAsync();
        List<Wire> wires = [];
        for (int at = 0; at < 200; at++)
        {
            Wire wire = await Wire.OpenAsync(app.Port);
            await wire.SendAsync("GET /health/live HTTP/1.1\r\nHo");
            wires.Add(wire);
        }

        Assert.Equal(HttpStatusCode.OK, await app.StatusAsync("/health/live"));
        await wires[0].SendAsync("st: a\r\nConnection: close\r\n\r\n");
        Assert.EndsWith(Pass, await wires[0].ToEndAsync(), StringComparison.Ordinal);

        // Asks a lot, and reads nothing of it.
        await wires[1].SendAsync("st: a\r\n\r\n" + string.Concat(Enumerable.Repeat("GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n", 1000)));
        wires.ForEach(wire => wire.Dispose());
        Assert.Equal(HttpStatusCode.OK, await app.StatusAsync("/health/live"));
    }

    [Fact]
    public async Task Http2_gets_the_same_answer()
    {
        await using App app = await App.StartAsync(_ => { }, protocols: HttpProtocols.Http2);
        foreach (HttpMethod method in new[] { HttpMethod.Get, HttpMethod.Head })
        {
            using HttpRequestMessage request = new(method, "/health/live") { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            using HttpResponseMessage response = await app.Client.SendAsync(request);

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(17, response.Content.Headers.ContentLength);
            Assert.Equal(method == HttpMethod.Get ? """{"status":"pass"}""" : "", await response.Content.ReadAsStringAsync());
        }
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
