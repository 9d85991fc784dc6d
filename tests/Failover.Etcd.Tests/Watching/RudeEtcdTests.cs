using System.Text.Json;
using Failover.Etcd.Tests.Fakes;
using Failover.TestServers;
using Failover.TestServers.Http;
using Failover.TestServers.Servers;

namespace Failover.Etcd.Tests.Watching;

/// <summary>The first endpoint is no etcd, or one that lies; the second is a real one.</summary>
public class RudeEtcdTests
{
    private const string Leader = "/service/shop/leader";
    private const string Header = """{"header":{"revision":"7"}}""";
    private const string Created = """{"result":{"header":{"revision":"7"},"created":true}}""" + "\n";
    private const string Change = """{"result":{"header":{"revision":"8"},"events":[{"kv":{"create_revision":"8","mod_revision":"8","value":"cGctYQ=="}}]}}""" + "\n";
    private const string Chunked = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";

    [ServerTheory("etcd", "etcdctl")]
    [InlineData("answers nothing", "no answer within 00:00:01")]
    [InlineData("closes at once", "ResponseEnded")]
    [InlineData("is no HTTP server", "InvalidResponse")]
    [InlineData("answers a page", "cannot be read")]
    [InlineData("answers an empty object", "cannot be read")]
    [InlineData("answers numbers that are none", "cannot be read")]
    [InlineData("answers half an object", "cannot be read")]
    [InlineData("answers half a chunk and closes", "ResponseEnded")]
    [InlineData("answers half a chunk and falls silent", "no answer within")]
    [InlineData("answers without an end", "too long")]
    [InlineData("sends headers without an end", "ConfigurationLimitExceeded")]
    [InlineData("redirects", "it answered 307")]
    [InlineData("answers 401", "it answered 401")]
    [InlineData("answers 500", "it answered 500")]
    [InlineData("watches, and never says so", "no answer within")]
    [InlineData("watches, and ends at once", "the watch ended")]
    [InlineData("watches, and sends garbage", "cannot be read")]
    [InlineData("watches, and sends a line without an end", "too long")]
    [InlineData("watches, and sends half a line", "the watch broke off")]
    [InlineData("watches, and cancels", "was cancelled")]
    [InlineData("watches, and has compacted", "before what etcd remembers")]
    [InlineData("watches, and answers nothing any more", "no answer within")]
    [InlineData("watches, and tells no changes", "tells no changes")]
    [InlineData("watches, and tells without an end", "does not stop")]
    [InlineData("watches, and sends events of another shape", "cannot be read")]
    public async Task An_endpoint_that_does_not_do_as_etcd_does_is_left_for_the_next(string manner, string evidence)
    {
        await using EtcdServer etcd = await EtcdServer.StartAsync();
        int reads = 0;
        await using RudeServer rude = new((path, write, ending) => AnswerAsync(manner, path, Interlocked.Increment(ref reads), $"{etcd.Address}", write, ending));
        await using Heard heard = new(Leader, rude.Endpoint, $"{etcd.Address}");

        await heard.WatchedAsync($"{etcd.Address}");
        int before = heard.Hints;
        await etcd.ControlAsync("put", Leader, "pg-a");
        await heard.HintAsync(before + 1);

        Assert.Contains(evidence, Assert.Single(heard.Left), StringComparison.Ordinal);
        Assert.NotEmpty(rude.Requests);
        Assert.All(rude.Requests, static request => Assert.StartsWith("POST /v3/", request, StringComparison.Ordinal));
        Assert.True(before <= 1001, $"{before} hints of one endpoint.");
    }

    [Fact]
    public async Task Nothing_but_the_request_is_sent_and_its_names_are_those_that_the_gateway_knows()
    {
        await using RudeServer rude = new(static (path, write, ending) => path == "/v3/watch" ? WatchAsync(write, ending) : write(RudeServer.Answer(Header)));
        await using Heard heard = new(Leader, rude.Endpoint);
        await heard.WatchedAsync();

        string[] requests = [.. rude.Requests];
        JsonElement range = Body(requests[0]), watch = Body(requests[1]).GetProperty("create_request");
        Assert.Equal("L3NlcnZpY2Uvc2hvcC9sZWFkZXI=", range.GetProperty("key").GetString());
        Assert.Equal(("L3NlcnZpY2Uvc2hvcC9sZWFkZXI=", "8"), (watch.GetProperty("key").GetString(), watch.GetProperty("start_revision").GetString()));
        Assert.Contains("Grpc-Metadata-hasleader: true", requests[1], StringComparison.Ordinal);
        Assert.All(requests, static request => Assert.DoesNotContain("traceparent", request, StringComparison.OrdinalIgnoreCase));

        static async Task WatchAsync(Func<string, Task> write, CancellationToken ending)
        {
            await write(Chunked + RudeServer.Chunk(Created));
            await Forever(ending);
        }
    }

    private static JsonElement Body(string request)
    {
        using var document = JsonDocument.Parse(request[request.IndexOf('{', StringComparison.Ordinal)..]);
        return document.RootElement.Clone();
    }

    private static async Task AnswerAsync(string manner, string path, int number, string other, Func<string, Task> write, CancellationToken ending)
    {
        if (manner.StartsWith("watches", StringComparison.Ordinal))
        {
            if (path == "/v3/watch")
            {
                await write(Chunked);
                await WatchAsync(manner, write, ending);
            }
            else if (manner == "watches, and answers nothing any more" && number > 2)
            {
                await Forever(ending);
            }
            else
            {
                // To one who reads a second time, the key was taken meanwhile.
                await write(RudeServer.Answer(manner == "watches, and tells no changes" && number > 2
                    ? """{"header":{"revision":"9"},"kvs":[{"key":"aw==","create_revision":"9","mod_revision":"9","value":"cGctYg=="}],"count":"1"}"""
                    : Header));
            }

            return;
        }

        switch (manner)
        {
            case "answers nothing":
                await Forever(ending);
                break;
            case "closes at once":
                break;
            case "is no HTTP server":
                await write("220 mail.example.com ESMTP\r\n");
                await Forever(ending);
                break;
            case "answers a page":
                await write(RudeServer.Answer("<html>200 kvs</html>"));
                break;
            case "answers an empty object":
                await write(RudeServer.Answer("{}"));
                break;
            case "answers numbers that are none":
                await write(RudeServer.Answer("""{"header":{"revision":"99999999999999999999"},"kvs":[{"create_revision":[],"value":7}]}"""));
                break;
            case "answers half an object":
                await write(RudeServer.Answer(Header[..12]));
                break;
            case "answers half a chunk and closes":
                await write(Chunked + RudeServer.Chunk(Header)[..12]);
                break;
            case "answers half a chunk and falls silent":
                await write(Chunked + RudeServer.Chunk(Header)[..12]);
                await Forever(ending);
                break;
            case "answers without an end":
                await write(Chunked);
                await EndlessAsync(RudeServer.Chunk(new string(' ', 8192)), write);
                break;
            case "sends headers without an end":
                await write("HTTP/1.1 200 OK\r\n");
                await EndlessAsync($"X-{new string('a', 100)}: b\r\n", write);
                break;
            case "redirects":
                await write(RudeServer.Answer("", 307, $"Location: {other.TrimEnd('/')}{path}\r\n"));
                break;
            case "answers 401":
                await write(RudeServer.Answer("""{"error":"no","message":"no","code":16}""", 401));
                break;
            case "answers 500":
                await write(RudeServer.Answer("[1]", 500));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(manner), manner, "Not known.");
        }
    }

    private static async Task WatchAsync(string manner, Func<string, Task> write, CancellationToken ending)
    {
        if (manner == "watches, and has compacted")
        {
            await write(RudeServer.Chunk("""{"result":{"header":{"revision":"7"},"canceled":true,"compact_revision":"70"}}""" + "\n"));
            await Forever(ending);
        }

        if (manner != "watches, and never says so")
        {
            await write(RudeServer.Chunk(Created));
        }

        switch (manner)
        {
            case "watches, and ends at once":
                await write("0\r\n\r\n");
                return;
            case "watches, and sends garbage":
                await write(RudeServer.Chunk("}{\n"));
                break;
            case "watches, and sends a line without an end":
                await EndlessAsync(RudeServer.Chunk(new string('a', 8192)), write);
                break;
            case "watches, and sends half a line":
                await write(RudeServer.Chunk(Change[..30]));
                return;
            case "watches, and cancels":
                await write(RudeServer.Chunk("""{"result":{"header":{"revision":"7"},"canceled":true,"cancel_reason":"no leader"}}""" + "\n"));
                break;
            case "watches, and tells without an end":
                await EndlessAsync(RudeServer.Chunk(Change + Change.Replace('8', '9')), write);
                break;
            case "watches, and sends events of another shape":
                await write(RudeServer.Chunk("""{"result":{"events":[[1],{"type":2,"kv":[]}]}}""" + "\n"));
                break;
        }

        await Forever(ending);
    }

    private static async Task EndlessAsync(string text, Func<string, Task> write)
    {
        while (true)
        {
            await write(text);
        }
    }

    private static Task Forever(CancellationToken ending) => Task.Delay(Timeout.InfiniteTimeSpan, ending);
}
