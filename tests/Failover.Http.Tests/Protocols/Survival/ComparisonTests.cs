using System.Net;
using Microsoft.AspNetCore.Http;

namespace Failover.Http.Tests.Protocols.Survival;

/// <summary>Holds the comparison itself to account: handlers that spoil one thing each, none of which may go unseen.</summary>
public sealed class ComparisonTests(SurvivalServers servers) : SurvivalTests(servers)
{
    private static readonly Dictionary<string, Func<Spoiler.Call, Task<HttpResponseMessage>>> Spoilers = new()
    {
        ["a header more"] = call =>
        {
            call.Request.Headers.Add("X-More", "1");
            return call.SendAsync();
        },
        ["a header that stays on the message only"] = async call =>
        {
            HttpResponseMessage response = await call.SendAsync();
            call.Request.Headers.Add("X-More", "1");
            return response;
        },
        ["an option more"] = call =>
        {
            call.Request.Options.Set(new("more"), 1);
            return call.SendAsync();
        },
        ["another path"] = async call =>
        {
            Uri before = call.Request.RequestUri!;
            call.Request.RequestUri = new Uri(before, before.AbsolutePath.Replace("%2F", "/", StringComparison.Ordinal));
            HttpResponseMessage response = await call.SendAsync();
            call.Request.RequestUri = before;
            return response;
        },
        ["another URI on the message"] = async call =>
        {
            HttpResponseMessage response = await call.SendAsync();
            call.Request.RequestUri = new Uri(call.Request.RequestUri!, "?more");
            return response;
        },
        ["another version"] = call =>
        {
            call.Request.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
            return call.SendAsync();
        },
        ["a copy of the message"] = call =>
        {
            using var copy = new HttpRequestMessage(call.Request.Method, call.Request.RequestUri) { Version = call.Request.Version, VersionPolicy = call.Request.VersionPolicy, Content = call.Request.Content };
            return call.SendAsync(copy);
        },
        ["buffered content"] = async call =>
        {
            if (call.Request.Content is { } content)
            {
                await content.LoadIntoBufferAsync();
            }

            return await call.SendAsync();
        },
        ["a buffered answer"] = async call =>
        {
            HttpResponseMessage response = await call.SendAsync();
            await response.Content.LoadIntoBufferAsync();
            return response;
        },
        ["a body that is shorter"] = async call =>
        {
            HttpResponseMessage response = await call.SendAsync();
            byte[] body = await response.Content.ReadAsByteArrayAsync();
            byte[] shorter = body.Length == 0 ? body : body[..^1];
            var content = new ByteArrayContent(shorter);
            foreach ((string name, IEnumerable<string> values) in response.Content.Headers)
            {
                content.Headers.TryAddWithoutValidation(name, values);
            }

            response.Content = content;
            return response;
        },
        ["no trailers"] = async call =>
        {
            HttpResponseMessage response = await call.SendAsync();
            await response.Content.LoadIntoBufferAsync();
            response.TrailingHeaders.Clear();
            return response;
        },
        ["another reason"] = async call =>
        {
            HttpResponseMessage response = await call.SendAsync();
            response.ReasonPhrase = "Spoilt";
            return response;
        },
        ["another exception"] = async call =>
        {
            try
            {
                return await call.SendAsync();
            }
            catch (HttpRequestException error)
            {
                throw new HttpRequestException(HttpRequestError.Unknown, "Spoilt.", error);
            }
        },
        ["a token of another"] = async call =>
        {
            using var own = new CancellationTokenSource();
            await using CancellationTokenRegistration registration = call.CancellationToken.Register(own.Cancel);
            try
            {
                return await call.SendAsync(call.Request, own.Token);
            }
            catch (OperationCanceledException error)
            {
                throw new OperationCanceledException(error.Message, error, own.Token);
            }
        },
        ["a request more"] = async call =>
        {
            using var more = new HttpRequestMessage(HttpMethod.Options, call.Request.RequestUri) { Version = call.Request.Version, VersionPolicy = call.Request.VersionPolicy };
            using HttpResponseMessage response = await call.SendAsync(more);
            return await call.SendAsync();
        },
    };

    public static TheoryData<string> Names => [.. Spoilers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_one_handler_spoils_is_seen(string name)
    {
        IReadOnlyList<string> without = await PlayAsync(inner => inner);
        IReadOnlyList<string> again = await PlayAsync(inner => inner);
        IReadOnlyList<string> spoilt = await PlayAsync(inner => new Spoiler(inner, Spoilers[name]));

        Assert.Equal(without, again);
        Assert.NotEqual(without, spoilt);
    }

    private async Task<IReadOnlyList<string>> PlayAsync(Func<HttpMessageHandler, HttpMessageHandler> around)
    {
        TaskCompletionSource first = null!;
        return await PlayAsync(
            Wire.Http2,
            async context =>
            {
                switch (context.Request.Path)
                {
                    case "/broken":
                        context.Abort();
                        break;
                    case "/open":
                        await context.Response.WriteAsync("first");
                        await context.Response.Body.FlushAsync();
                        await first.Task;
                        break;
                    default:
                        await context.Request.Body.CopyToAsync(context.Response.Body);
                        context.Response.AppendTrailer("X-Sum", "4");
                        break;
                }
            },
            async run =>
            {
                // An answer that ends only when its headers have been seen, or when it is clear that they do not come.
                first = new(TaskCreationOptions.RunContinuationsAsynchronously);
                using HttpRequestMessage open = run.Request(HttpMethod.Get, "/open");
                Task<HttpResponseMessage> opening = run.Client.SendAsync(open, HttpCompletionOption.ResponseHeadersRead);
                run.Seen.Add($"headers before the end: {await Task.WhenAny(opening, Task.Delay(200)) == opening}");
                first.SetResult();
                (await opening).Dispose();

                HttpRequestMessage post = run.Request(HttpMethod.Post, "/a%2Fb");
                post.Content = new StreamContent(new OnceStream("content"u8.ToArray()));
                await run.SendAsync(post);
                await run.SendAsync(run.Request(HttpMethod.Get, "/broken"));
                using var cancelled = new CancellationTokenSource();
                await cancelled.CancelAsync();
                using var invoker = new HttpMessageInvoker(run.Chain, disposeHandler: false);
                using HttpRequestMessage late = run.Request(HttpMethod.Get, new Uri(run.Client.BaseAddress!, "/late").AbsoluteUri);
                await run.TryAsync(() => invoker.SendAsync(late, cancelled.Token), cancelled.Token);
            },
            adjust: null,
            around);
    }

    /// <summary>Stands where our handler would.</summary>
    private sealed class Spoiler(HttpMessageHandler inner, Func<Spoiler.Call, Task<HttpResponseMessage>> spoil) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => spoil(new(base.SendAsync, request, cancellationToken));

        internal sealed record Call(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> Send, HttpRequestMessage Request, CancellationToken CancellationToken)
        {
            internal Task<HttpResponseMessage> SendAsync() => Send(Request, CancellationToken);

            internal Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => Send(request, CancellationToken);

            internal Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Send(request, cancellationToken);
        }
    }

    private sealed class OnceStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
