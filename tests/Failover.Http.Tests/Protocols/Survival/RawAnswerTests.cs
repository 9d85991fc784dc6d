using System.Text;
using Microsoft.AspNetCore.Http;

namespace Failover.Http.Tests.Protocols.Survival;

/// <summary>Answers that break off, or that no decent server gives: what the caller gets of them is what it would get without us, also where the next member was asked and gave no better one.</summary>
public sealed class RawAnswerTests(SurvivalServers servers) : SurvivalTests(servers)
{
    private const string Ok = "HTTP/1.1 200 OK\r\n";

    /// <summary>What is sent, whether the connection is then reset, and what the caller gets at last.</summary>
    private static readonly Dictionary<string, (string Answer, bool Reset, string Gets)> Answers = new()
    {
        ["trailers"] = (Ok + "Transfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n4\r\nbody\r\n0\r\nX-Sum: 4\r\n\r\n", false, "trailer: X-Sum: 4"),
        ["interim answers"] = ("HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + Ok + "Content-Length: 2\r\n\r\nok", false, "answer: HTTP/1.1 200 OK"),
        ["a body that ends with its connection"] = (Ok + "\r\nbody", false, $"body: {Transcript.Body("body"u8.ToArray())}"),
        ["HTTP/1.0"] = ("HTTP/1.0 200 Fine\r\nContent-Length: 2\r\n\r\nok", false, "answer: HTTP/1.0 200 Fine"),
        ["no reason"] = ("HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok", false, "answer: HTTP/1.1 200 "),
        ["folded and odd headers"] = (Ok + "X-Folded: one\r\n two\r\nX-Empty:\r\nx-low:LOW\r\nContent-Length: 2\r\n\r\nok", false, "answer header: x-low: LOW"),
        ["nothing"] = ("", false, "threw: HttpIOException ResponseEnded"),
        ["a reset"] = ("", true, "threw: HttpRequestException Unknown "),
        ["half a status line"] = ("HTTP/1.1 20", false, "threw: HttpIOException ResponseEnded"),
        ["half the headers"] = (Ok + "Content-Le", false, "threw: HttpIOException ResponseEnded"),
        ["another protocol"] = ("SSH-2.0-OpenSSH_9.2\r\n", false, "threw: HttpRequestException InvalidResponse "),
        ["a status that is none"] = ("HTTP/1.1 banana\r\n\r\n", false, "threw: HttpRequestException InvalidResponse "),
        ["a header that is none"] = (Ok + "no colon here\r\n\r\n", false, "threw: HttpRequestException InvalidResponse "),
        ["a length that is none"] = (Ok + "Content-Length: many\r\n\r\n", false, "answer: HTTP/1.1 200 OK"),
        ["a chunk that is none"] = (Ok + "Transfer-Encoding: chunked\r\n\r\nbanana\r\n", false, "threw: HttpIOException InvalidResponse"),
        ["half a body"] = (Ok + "Content-Length: 10\r\n\r\nbody", false, "threw: HttpIOException ResponseEnded"),
        ["half a body and a reset"] = (Ok + "Content-Length: 10\r\n\r\nbody", true, "threw: IOException"),
        ["half the chunks"] = (Ok + "Transfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n", false, "threw: HttpIOException ResponseEnded"),
        ["frames of HTTP/2"] = ("\0\0\0\u0004\0\0\0\0\0", false, "threw: HttpIOException ResponseEnded"),
    };

    public static TheoryData<string> Names => [.. Answers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task An_answer_from_a_bare_socket_ends_alike(string name)
    {
        (string answer, bool reset, string gets) = Answers[name];
        using RawServer first = Server();
        using RawServer second = Server();
        foreach (string method in (string[])["GET", "POST"])
        {
            IReadOnlyList<string> without = await SendAsync(method, inner => inner);
            await using FailoverGroup group = Given.Group(new FakeProbe(), first.Address.AbsoluteUri, second.Address.AbsoluteUri);
            IReadOnlyList<string> with = await SendAsync(method, inner => new FailoverHandler(group) { InnerHandler = inner });

            Assert.Equal(without, with);
            Assert.Contains(gets, with);
        }

        async Task<IReadOnlyList<string>> SendAsync(string method, Func<HttpMessageHandler, HttpMessageHandler> around)
        {
            var seen = new Transcript();
            using HttpMessageHandler chain = around(Run.NewTransport());
            using var client = new HttpClient(chain, disposeHandler: false) { Timeout = Given.Limit };
            using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(first.Address, "/x")) { Content = method == "POST" ? new StringContent("content") : null };
            try
            {
                using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
                seen.AddHead(response);
                await seen.AddAsync(response);
            }
            catch (Exception error)
            {
                seen.Add(error);
            }

            seen.Add(request);
            return seen.Lines;
        }

        RawServer Server() => new(async connection =>
        {
            if (await connection.ReadRequestAsync() is not null)
            {
                await connection.SendAsync(Encoding.Latin1.GetBytes(answer));
                connection.Close(reset);
            }
        });
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task A_body_that_breaks_off_is_not_asked_for_again(Wire wire)
    {
        SemaphoreSlim headers = null!;
        IReadOnlyList<string> seen = await SameAsync(
            wire,
            async context =>
            {
                await context.Response.WriteAsync("half");
                await context.Response.Body.FlushAsync();
                await headers.WaitAsync(Given.Limit);
                context.Abort();
            },
            async run =>
            {
                headers = new(0);
                using var outermost = new HeadersSeen(run.Chain, () => headers.Release());
                using var client = new HttpClient(outermost, disposeHandler: false);
                foreach ((HttpMethod method, HttpCompletionOption completion) in (IEnumerable<(HttpMethod, HttpCompletionOption)>)
                    [(HttpMethod.Get, HttpCompletionOption.ResponseHeadersRead), (HttpMethod.Get, HttpCompletionOption.ResponseContentRead), (HttpMethod.Post, HttpCompletionOption.ResponseContentRead)])
                {
                    using HttpRequestMessage request = run.Request(method, run.Servers.A.Address.AbsoluteUri);
                    await run.TryAsync(async () =>
                    {
                        using HttpResponseMessage response = await client.SendAsync(request, completion);
                        await response.Content.ReadAsStringAsync();
                    });
                }
            });

        Assert.Equal(3, seen.Count(line => line.StartsWith("threw: HttpRequestException ", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task A_request_that_every_member_breaks_off_fails_as_on_one(Wire wire)
    {
        IReadOnlyList<string> seen = await SameAsync(
            wire,
            async context =>
            {
                await context.Request.Body.CopyToAsync(Stream.Null);
                context.Abort();
            },
            async run =>
            {
                HttpRequestMessage request = run.Request(HttpMethod.Put, "/");
                request.Content = new StringContent("content");
                await run.SendAsync(request);
            },
            asksTheNext: true);

        Assert.Contains(seen, line => line.StartsWith("threw: HttpRequestException ", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task A_503_that_every_member_gives_is_the_answer(Wire wire)
    {
        IReadOnlyList<string> seen = await SameAsync(
            wire,
            context =>
            {
                context.Response.StatusCode = 503;
                context.Response.Headers.RetryAfter = "120";
                return context.Response.WriteAsync("closed for today");
            },
            async run =>
            {
                await run.SendAsync(run.Request(HttpMethod.Post, "/"));
                await run.TryAsync(() => run.Client.GetStringAsync("/"));
            },
            asksTheNext: true);

        Assert.Contains($"body: {Transcript.Body("closed for today"u8.ToArray())}", seen);
        Assert.Contains("threw: HttpRequestException Unknown ServiceUnavailable", seen);
    }
}
