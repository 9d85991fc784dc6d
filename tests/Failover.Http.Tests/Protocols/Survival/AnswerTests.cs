using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Failover.Http.Tests.Protocols.Survival;

/// <summary>What answers carry, and how callers read them.</summary>
public sealed class AnswerTests(SurvivalServers servers) : SurvivalTests(servers)
{
    private static readonly byte[] Large = RandomNumberGenerator.GetBytes(5 * 1024 * 1024);

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task Every_status_that_is_an_answer_is_given_as_it_is(Wire wire)
    {
        int[] statuses = [200, 201, 202, 204, 205, 206, 300, 304, 400, 401, 403, 404, 405, 409, 410, 412, 418, 422, 425, 428, 429, 451, 500, 501, 505, 507, 511, 599];
        IReadOnlyList<string> seen = await SameAsync(
            wire,
            context =>
            {
                context.Response.StatusCode = int.Parse(context.Request.Path.Value!.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture);
                context.Response.Headers.RetryAfter = "1";
                return Task.CompletedTask;
            },
            async run =>
            {
                foreach (int status in statuses)
                {
                    await run.SendAsync(run.Request(HttpMethod.Get, $"/{status}"));
                    await run.SendAsync(run.Request(HttpMethod.Post, $"/{status}"));
                }
            });

        Assert.All(statuses, status => Assert.Equal(2, seen.Count(line => line.StartsWith($"answer: HTTP/{wire.Version()} {status} ", StringComparison.Ordinal))));
        Assert.DoesNotContain(seen, line => line.StartsWith("b got", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Http2Wires))]
    public async Task Trailers_come_after_the_body(Wire wire)
    {
        // Kestrel sends none over HTTP/1.1: see RawAnswerTests.
        IReadOnlyList<string> seen = await SameAsync(
            wire,
            async context =>
            {
                context.Response.DeclareTrailer("X-Sum");
                await context.Response.WriteAsync("body");
                await context.Response.Body.FlushAsync();
                context.Response.AppendTrailer("X-Sum", "4");
                context.Response.AppendTrailer("X-Undeclared", new(["one", "two"]));
            },
            async run =>
            {
                foreach (HttpCompletionOption completion in Enum.GetValues<HttpCompletionOption>())
                {
                    HttpRequestMessage request = run.Request(HttpMethod.Get, "/trailers");
                    request.Headers.TE.ParseAdd("trailers");
                    await run.SendAsync(request, completion);
                }
            });

        Assert.Equal(2, seen.Count(line => line == "trailer: x-sum: 4"));
        Assert.Equal(2, seen.Count(line => line == "trailer: x-undeclared: one | two"));
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task Bodies_of_every_size_come_whole_however_they_are_asked_for(Wire wire)
    {
        string body = $"body: {Transcript.Body(Large)}";
        IReadOnlyList<string> seen = await SameAsync(
            wire,
            async context =>
            {
                ReadOnlyMemory<byte> content = Large.AsMemory(0, int.Parse(context.Request.Path.Value!.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture));
                context.Response.ContentLength = context.Request.Query.ContainsKey("length") ? content.Length : null;
                await context.Response.Body.WriteAsync(content);
            },
            async run =>
            {
                foreach (HttpCompletionOption completion in Enum.GetValues<HttpCompletionOption>())
                {
                    foreach (string path in (string[])["/0", "/1", "/1?length", "/100000"])
                    {
                        await run.SendAsync(run.Request(HttpMethod.Get, path), completion);
                    }
                }

                await run.SendAsync(run.Request(HttpMethod.Get, $"/{Large.Length}"));
                await run.SendAsync(run.Request(HttpMethod.Get, $"/{Large.Length}?length"), HttpCompletionOption.ResponseHeadersRead);
                run.Seen.Add(Transcript.Body(await run.Client.GetByteArrayAsync("/100")));
                run.Seen.Add(await run.Client.GetStringAsync("/100"));
                using var copy = new MemoryStream();
                await using (Stream stream = await run.Client.GetStreamAsync("/100"))
                {
                    await stream.CopyToAsync(copy);
                }

                run.Seen.Add(Transcript.Body(copy.ToArray()));
            });

        Assert.Equal(2, seen.Count(line => line == body));
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task A_caller_that_asks_for_the_headers_gets_them_before_the_body(Wire wire)
    {
        TaskCompletionSource headersSeen = null!;
        IReadOnlyList<string> seen = await SameAsync(
            wire,
            async context =>
            {
                await context.Response.Body.FlushAsync();
                await headersSeen.Task;
                await context.Response.WriteAsync("body");
            },
            async run =>
            {
                headersSeen = new(TaskCreationOptions.RunContinuationsAsynchronously);
                using HttpRequestMessage request = run.Request(HttpMethod.Get, "/");
                using HttpResponseMessage response = await run.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
                headersSeen.SetResult();
                await run.Seen.AddAsync(response);
            });

        Assert.Contains($"body: {Transcript.Body("body"u8.ToArray())}", seen);
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task Compressed_answers_are_unpacked_where_the_transport_is_told_to(Wire wire)
    {
        IReadOnlyList<string> seen = await SameAsync(
            wire,
            async context =>
            {
                string encoding = context.Request.Path.Value![1..];
                context.Response.Headers.ContentEncoding = encoding;
                Stream body = context.Response.Body;
                await using Stream packing = encoding switch
                {
                    "gzip" => new GZipStream(body, CompressionLevel.Fastest, leaveOpen: true),
                    "br" => new BrotliStream(body, CompressionLevel.Fastest, leaveOpen: true),
                    _ => new ZLibStream(body, CompressionLevel.Fastest, leaveOpen: true),
                };
                await packing.WriteAsync(Large.AsMemory(0, 100_000));
            },
            async run =>
            {
                foreach (string encoding in (string[])["gzip", "br", "deflate"])
                {
                    await run.SendAsync(run.Request(HttpMethod.Get, $"/{encoding}"));
                }
            },
            transport => transport.AutomaticDecompression = DecompressionMethods.All);

        Assert.Equal(3, seen.Count(line => line == $"body: {Transcript.Body(Large[..100_000])}"));
        Assert.Contains(seen, line => line.StartsWith("a got header: Accept-Encoding: ", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task Headers_of_every_kind_come_as_they_were_sent(Wire wire)
    {
        IReadOnlyList<string> seen = await SameAsync(
            wire,
            async context =>
            {
                context.Response.Headers.Append("Link", "</style.css>; rel=preload");
                context.Response.Headers.Append("Warning", "299 - \"old\"");
                context.Response.Headers.CacheControl = "max-age=60, stale-if-error=120";
                context.Response.Headers.ContentDisposition = "attachment; filename*=UTF-8''%C3%BC.txt";
                context.Response.Headers.ContentRange = "bytes 0-3/10";
                context.Response.Headers.LastModified = "Thu, 01 Jan 1970 00:00:00 GMT";
                await context.Response.WriteAsync("body");
            },
            run => run.SendAsync(run.Request(HttpMethod.Get, "/headers")));

        Assert.Contains("content header: Content-Range: bytes 0-3/10", seen);
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task An_answer_larger_than_the_client_allows_is_refused_alike(Wire wire)
    {
        IReadOnlyList<string> seen = await SameAsync(
            wire,
            async context =>
            {
                context.Response.ContentLength = context.Request.Path == "/length" ? 1001 : null;
                await context.Response.Body.WriteAsync(Large.AsMemory(0, 1001));
            },
            async run =>
            {
                run.Client.MaxResponseContentBufferSize = 1000;
                await run.SendAsync(run.Request(HttpMethod.Get, "/length"));
                await run.SendAsync(run.Request(HttpMethod.Get, "/"));
                await run.SendAsync(run.Request(HttpMethod.Get, "/"), HttpCompletionOption.ResponseHeadersRead);
            });

        Assert.Contains("threw: HttpRequestException ConfigurationLimitExceeded ", seen);
        Assert.Contains($"body: {Transcript.Body(Large[..1001])}", seen);
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task Headers_larger_than_the_transport_allows_are_refused_alike(Wire wire)
    {
        IReadOnlyList<string> seen = await SameAsync(
            wire,
            context =>
            {
                for (int i = 0; i < 80; i++)
                {
                    context.Response.Headers[$"X-{i}"] = new string('x', 100);
                }

                return Task.CompletedTask;
            },
            run => run.SendAsync(run.Request(HttpMethod.Post, "/long")),
            transport => transport.MaxResponseHeadersLength = 4);

        Assert.Contains("threw: HttpRequestException ConfigurationLimitExceeded ", seen);
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task Requests_one_after_the_other_share_a_connection(Wire wire)
    {
        IReadOnlyList<string> seen = await SameAsync(wire, AnswerConnectionAsync, async run =>
        {
            HashSet<string> connections = [];
            for (int i = 0; i < 10; i++)
            {
                connections.Add(await run.Client.GetStringAsync("/"));
            }

            run.Seen.Add($"connections: {connections.Count}");
        });

        Assert.Contains("connections: 1", seen);
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task Limits_on_connections_are_kept(Wire wire)
    {
        // Where two connections are allowed, four requests over HTTP/1.1 come two at a time.
        int allowed = wire.IsHttp2() ? 1 : 2;
        int together = wire.IsHttp2() ? 4 : 2;
        TaskCompletionSource all = null!;
        int asked = 0;
        IReadOnlyList<string> seen = await SameAsync(
            wire,
            async context =>
            {
                if (Interlocked.Increment(ref asked) == together)
                {
                    all.SetResult();
                }

                await all.Task;
                await AnswerConnectionAsync(context);
            },
            async run =>
            {
                all = new(TaskCreationOptions.RunContinuationsAsynchronously);
                asked = 0;
                string[] connections = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => run.Client.GetStringAsync("/"))).WaitAsync(Given.Limit);
                run.Seen.Add($"connections: {connections.Distinct().Count()}");
            },
            transport => transport.MaxConnectionsPerServer = 2,
            isAtOnce: true);

        Assert.Contains($"connections: {allowed}", seen);
    }

    [Theory]
    [MemberData(nameof(Http2Wires))]
    public async Task More_streams_than_a_connection_carries_wait_or_take_another_as_the_transport_is_told(Wire wire)
    {
        // Kestrel allows 100 streams a connection. The first 100 end only when the 101st has come, or has had the time to.
        foreach (bool many in (bool[])[true, false])
        {
            TaskCompletionSource all = null!;
            int waiting = 0;
            IReadOnlyList<string> seen = await SameAsync(
                wire,
                async context =>
                {
                    if (Interlocked.Increment(ref waiting) == (many ? 101 : 100))
                    {
                        all.SetResult();
                    }

                    await all.Task;
                    await AnswerConnectionAsync(context);
                },
                async run =>
                {
                    all = new(TaskCreationOptions.RunContinuationsAsynchronously);
                    waiting = 0;
                    string[] connections = await Task.WhenAll(Enumerable.Range(0, 101).Select(_ => run.Client.GetStringAsync("/"))).WaitAsync(Given.Limit);
                    run.Seen.Add($"connections: {connections.Distinct().Count()}");
                },
                transport => transport.EnableMultipleHttp2Connections = many,
                isAtOnce: true);

            Assert.Contains($"connections: {(many ? 2 : 1)}", seen);
        }
    }

    [Theory]
    [MemberData(nameof(Http1Wires))]
    public async Task A_connection_that_changes_its_protocol_goes_both_ways(Wire wire)
    {
        IReadOnlyList<string> seen = await SameAsync(
            wire,
            async context =>
            {
                context.Response.Headers.Upgrade = "shout";
                await using Stream stream = await context.Features.Get<IHttpUpgradeFeature>()!.UpgradeAsync();
                byte[] word = new byte[5];
                await stream.ReadExactlyAsync(word);
                await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(System.Text.Encoding.ASCII.GetString(word).ToUpperInvariant()));
            },
            async run =>
            {
                using HttpRequestMessage request = run.Request(HttpMethod.Get, "/upgrade");
                request.Headers.Connection.Add("Upgrade");
                request.Headers.Upgrade.ParseAdd("shout");
                using HttpResponseMessage response = await run.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
                run.Seen.AddHead(response);
                await using Stream stream = await response.Content.ReadAsStreamAsync();
                await stream.WriteAsync("hello"u8.ToArray());
                await stream.FlushAsync();
                run.Seen.Add(await new StreamReader(stream).ReadToEndAsync());
            });

        Assert.Contains("HELLO", seen);
        Assert.Contains("answer: HTTP/1.1 101 Switching Protocols", seen);
    }

    private static Task AnswerConnectionAsync(HttpContext context) => context.Response.WriteAsync(context.Connection.Id);
}
