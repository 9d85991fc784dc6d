using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Failover.Http.Tests.Protocols.Survival;

/// <summary>Methods, and what requests carry.</summary>
public sealed class ContentTests(SurvivalServers servers) : SurvivalTests(servers)
{
    private static readonly byte[] Large = RandomNumberGenerator.GetBytes(5 * 1024 * 1024);
    private static readonly string LargeBody = Transcript.Body(Large);

    public static TheoryData<Wire, string> Methods
    {
        get
        {
            var data = new TheoryData<Wire, string>();
            foreach (Wire wire in Enum.GetValues<Wire>())
            {
                foreach (string method in (string[])["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PURGE"])
                {
                    data.Add(wire, method);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task Every_method_carries_every_content_and_brings_back_the_answer(Wire wire, string method)
    {
        IReadOnlyList<string> seen = await SameAsync(wire, EchoAsync, async run =>
        {
            foreach (Func<HttpContent?> content in Contents)
            {
                HttpRequestMessage request = run.Request(new HttpMethod(method), "/echo");
                request.Headers.Add("X-Mine", ["one", "two"]);
                request.Content = content();
                await run.SendAsync(request);
            }
        });

        Assert.Equal(Contents.Length, seen.Count(line => line.StartsWith($"a got: {method} /echo {(wire.IsHttp2() ? "HTTP/2" : "HTTP/1.1")} ", StringComparison.Ordinal)));
        Assert.Contains($"a read: {Transcript.Body("small"u8.ToArray())}", seen);
        Assert.DoesNotContain(seen, line => line.StartsWith("threw: ", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task Five_megabytes_go_out_and_come_back_whether_their_length_is_known_or_not(Wire wire)
    {
        IReadOnlyList<string> seen = await SameAsync(wire, EchoAsync, async run =>
        {
            HttpRequestMessage known = run.Request(HttpMethod.Post, "/known");
            known.Content = new ByteArrayContent(Large);
            await run.SendAsync(known);
            HttpRequestMessage unknown = run.Request(HttpMethod.Put, "/unknown");
            unknown.Content = new PushContent(stream => stream.WriteAsync(Large).AsTask());
            await run.SendAsync(unknown);
        });

        Assert.Equal(2, seen.Count(line => line == $"a read: {LargeBody}"));
        Assert.Equal(2, seen.Count(line => line == $"body: {LargeBody}"));
        Assert.Single(seen, $"a got header: Content-Length: {Large.Length}");
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task Content_of_unknown_length_goes_out_as_it_comes(Wire wire)
    {
        // The second half is not made before the server has read the first.
        TaskCompletionSource firstRead = null!;
        IReadOnlyList<string> seen = await SameAsync(
            wire,
            async context =>
            {
                byte[] half = new byte[5];
                await context.Request.Body.ReadExactlyAsync(half);
                firstRead.SetResult();
                await context.Request.Body.CopyToAsync(context.Response.Body);
            },
            async run =>
            {
                firstRead = new(TaskCreationOptions.RunContinuationsAsynchronously);
                HttpRequestMessage request = run.Request(HttpMethod.Post, "/upload");
                request.Content = new PushContent(async stream =>
                {
                    await stream.WriteAsync("first"u8.ToArray());
                    await stream.FlushAsync();
                    await firstRead.Task;
                    await stream.WriteAsync("second"u8.ToArray());
                });
                await run.SendAsync(request);
            });

        Assert.Contains($"a read: {Transcript.Body("firstsecond"u8.ToArray())}", seen);
        Assert.Contains($"body: {Transcript.Body("second"u8.ToArray())}", seen);
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task Content_that_expects_100_continue_is_sent_once_the_server_wants_it(Wire wire)
    {
        bool isAsked = false;
        bool wasMadeBeforeAsked = false;
        IReadOnlyList<string> seen = await SameAsync(
            wire,
            async context =>
            {
                isAsked = true;
                await EchoAsync(context);
            },
            async run =>
            {
                isAsked = false;
                HttpRequestMessage request = run.Request(HttpMethod.Post, "/expect");
                request.Headers.ExpectContinue = true;
                request.Content = new PushContent(async stream =>
                {
                    wasMadeBeforeAsked |= !isAsked;
                    await stream.WriteAsync(Large);
                });
                await run.SendAsync(request);
            });

        Assert.False(wasMadeBeforeAsked);
        Assert.Contains("a got header: Expect: 100-continue", seen);
        Assert.Contains($"body: {LargeBody}", seen);
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task Content_that_expects_100_continue_stays_at_home_where_it_is_refused(Wire wire)
    {
        bool wasMade = false;
        IReadOnlyList<string> seen = await SameAsync(
            wire,
            context =>
            {
                context.Response.StatusCode = context.Request.Path == "/417" ? 417 : 413;
                return context.Response.WriteAsync("no");
            },
            async run =>
            {
                foreach (string path in (string[])["/417", "/413"])
                {
                    HttpRequestMessage request = run.Request(HttpMethod.Post, path);
                    request.Headers.ExpectContinue = true;
                    request.Content = new PushContent(stream =>
                    {
                        wasMade = true;
                        return Task.CompletedTask;
                    });
                    await run.SendAsync(request);
                }
            });

        Assert.False(wasMade);
        Assert.Contains($"answer: HTTP/{wire.Version()} 417 Expectation Failed", seen);
        Assert.Contains(seen, line => line.StartsWith($"answer: HTTP/{wire.Version()} 413 ", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task An_answer_that_comes_while_content_goes_out_is_given_as_the_protocol_allows(Wire wire)
    {
        IReadOnlyList<string> seen = await SameAsync(
            wire,
            async context =>
            {
                await context.Response.WriteAsync("early");
                await context.Response.Body.FlushAsync();
                await context.Request.Body.CopyToAsync(Stream.Null);
                await context.Response.WriteAsync(", and the rest");
            },
            async run =>
            {
                var answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                using HttpRequestMessage request = run.Request(HttpMethod.Post, "/early");
                request.Content = new PushContent(async stream =>
                {
                    await stream.WriteAsync(Large);

                    // HTTP/2 gives the answer while the request is still being sent; HTTP/1.1 reads it afterwards.
                    if (wire.IsHttp2())
                    {
                        await stream.FlushAsync();
                        await answered.Task;
                        await stream.WriteAsync("more"u8.ToArray());
                    }
                });
                using HttpResponseMessage response = await run.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).WaitAsync(Given.Limit);
                answered.SetResult();
                await run.Seen.AddAsync(response);
            });

        Assert.Contains($"body: {Transcript.Body("early, and the rest"u8.ToArray())}", seen);
    }

    [Theory]
    [MemberData(nameof(Http2Wires))]
    public async Task A_whole_answer_ends_an_upload_that_nobody_reads(Wire wire)
    {
        IReadOnlyList<string> seen = await SameAsync(
            wire,
            context =>
            {
                context.Response.StatusCode = 413;
                return context.Response.WriteAsync("enough");
            },
            async run =>
            {
                HttpRequestMessage request = run.Request(HttpMethod.Post, "/enough");
                request.Content = new PushContent(async stream =>
                {
                    while (true)
                    {
                        await stream.WriteAsync(Large.AsMemory(0, 64 * 1024));
                    }
                });
                await run.SendAsync(request);
            });

        Assert.Contains($"body: {Transcript.Body("enough"u8.ToArray())}", seen);
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task Content_that_cannot_be_made_fails_its_own_request_only(Wire wire)
    {
        IReadOnlyList<string> seen = await SameAsync(wire, EchoAsync, async run =>
        {
            HttpRequestMessage request = run.Request(HttpMethod.Put, "/unmade");
            request.Content = new PushContent(_ => throw new InvalidDataException("No content today."));
            await run.SendAsync(request);
            await run.SendAsync(run.Request(HttpMethod.Get, "/after"));
        });

        Assert.Contains("threw: InvalidDataException", seen);
        Assert.Contains($"a got: GET /after {(wire.IsHttp2() ? "HTTP/2" : "HTTP/1.1")} {(wire.HasTls() ? "https" : "http")}", seen);
    }

    [Theory]
    [MemberData(nameof(Http1Wires))]
    public async Task Synchronous_calls_are_the_same(Wire wire)
    {
        IReadOnlyList<string> seen = await SameAsync(wire, EchoAsync, async run =>
        {
            foreach (string method in (string[])["GET", "HEAD", "POST", "PUT"])
            {
                foreach (HttpCompletionOption completion in Enum.GetValues<HttpCompletionOption>())
                {
                    using HttpRequestMessage request = run.Request(new HttpMethod(method), "/sync");
                    request.Content = method == "PUT" ? new ByteArrayContent(Large) : null;
                    using HttpResponseMessage response = run.Client.Send(request, completion);
                    run.Seen.AddHead(response);
                    using Stream body = response.Content.ReadAsStream();
                    using var copy = new MemoryStream();
                    body.CopyTo(copy);
                    run.Seen.Add($"body: {Transcript.Body(copy.ToArray())}");
                    run.Seen.Add(request);
                }
            }

            await Task.CompletedTask;
        });

        Assert.Equal(2, seen.Count(line => line == $"body: {LargeBody}"));
    }

    [Theory]
    [MemberData(nameof(Http2Wires))]
    public async Task Synchronous_calls_over_HTTP2_are_refused_alike(Wire wire)
    {
        IReadOnlyList<string> seen = await SameAsync(wire, EchoAsync, run => run.TryAsync(() =>
        {
            using HttpRequestMessage request = run.Request(HttpMethod.Get, "/sync");
            run.Client.Send(request);
            return Task.CompletedTask;
        }));

        Assert.Contains("threw: NotSupportedException", seen);
    }

    private static readonly Func<HttpContent?>[] Contents =
    [
        () => null,
        () => new ByteArrayContent([]),
        () => new StringContent("small") { Headers = { { "X-Of-The-Content", "kept" }, { "Content-Language", ["en", "de"] } } },
        () => new FormUrlEncodedContent([new("name", "value")]),
        () => new MultipartFormDataContent("boundary") { { new StringContent("part"), "name" } },
        () => new ReadOnlyMemoryContent("memory"u8.ToArray()) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } },
        () => new StreamContent(new MemoryStream("stream"u8.ToArray())),
        () => new PushContent(stream => stream.WriteAsync("of unknown length"u8.ToArray()).AsTask()),
    ];

    private static async Task EchoAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        context.Features.Get<IHttpResponseFeature>()!.ReasonPhrase = "As You Wish";
        context.Response.StatusCode = 299;
        context.Response.ContentType = context.Request.ContentType;
        context.Response.Headers.Append("X-Yours", new(["one", "two"]));
        context.Response.Headers.ETag = "\"1\"";
        await context.Response.Body.WriteAsync(body.ToArray());
    }

    /// <summary>Content that says no length, and writes itself.</summary>
    private sealed class PushContent(Func<Stream, Task> write) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => write(stream);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
