using System.Diagnostics;
using System.Net;
using System.Net.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Failover.Http.Tests.Protocols;

/// <summary>What a request looks like when it arrives, asked of real servers, with HTTP/1.1 and HTTP/2, with TLS and without.</summary>
public class WireTests
{
    public static TheoryData<string, bool> Protocols => new()
    {
        { "1.1", false },
        { "2.0", false },
        { "1.1", true },
        { "2.0", true },
    };

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task A_request_arrives_whole_at_the_next_member(string version, bool withTls)
    {
        await using Pair pair = await Pair.StartAsync(version, withTls);
        pair.A.Instead = Status(503);
        using var request = pair.Request(HttpMethod.Get, "/orders/1?q=%2F&r=ü#fragment");
        request.Headers.Add("X-Mine", ["one", "two"]);

        using HttpResponseMessage response = await pair.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Asked first = Assert.Single(pair.A.Requests);
        Asked second = Assert.Single(pair.B.Requests);
        Assert.Equal(("GET", "/base/orders/1?q=%2F&r=%C3%BC", pair.A.Address.Authority), (first.Method, first.PathAndQuery, first.Host));
        Assert.Equal(("GET", "/orders/1?q=%2F&r=%C3%BC", pair.B.Address.Authority), (second.Method, second.PathAndQuery, second.Host));
        Assert.Equal((version == "1.1" ? "HTTP/1.1" : "HTTP/2", "one,two"), (second.Protocol, second.Headers["X-Mine"].Replace(" ", "", StringComparison.Ordinal)));
        Assert.Equal(Keys(first), Keys(second));
        if (withTls)
        {
            Assert.Equal("localhost", Assert.Single(pair.B.ServerNames));
        }

        static IEnumerable<string> Keys(Asked asked) => asked.Headers.Keys.Order(StringComparer.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task A_POST_whose_member_is_gone_arrives_with_its_content_even_if_that_can_be_read_only_once(string version, bool withTls)
    {
        await using Pair pair = await Pair.StartAsync(version, withTls);
        await pair.A.StopAsync();
        using var request = pair.Request(HttpMethod.Post, "/orders");
        request.Content = new StreamContent(new OnceStream("the whole content"u8.ToArray()));

        using HttpResponseMessage response = await pair.Client.SendAsync(request);

        Asked asked = Assert.Single(pair.B.Requests);
        Assert.Equal(("POST", "the whole content"), (asked.Method, asked.Body));
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task A_POST_without_content_arrives_as_it_does_without_us(string version, bool withTls)
    {
        await using Pair pair = await Pair.StartAsync(version, withTls);
        using var request = pair.Request(HttpMethod.Post, "/orders");
        using var plain = pair.Request(HttpMethod.Post, "/orders");
        plain.RequestUri = new Uri(pair.A.Address, "/base/orders");

        using HttpResponseMessage response = await pair.Client.SendAsync(request);
        using HttpResponseMessage without = await pair.Plain.SendAsync(plain);

        Asked[] asked = [.. pair.A.Requests];
        Assert.Equal(asked[1].Headers, asked[0].Headers);
        Assert.Equal("0", asked[0].Headers["Content-Length"]);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task A_Host_header_that_the_caller_sets_stays_and_names_the_server_in_TLS(string version, bool withTls)
    {
        await using Pair pair = await Pair.StartAsync(version, withTls);
        pair.A.Instead = Status(503);
        using var request = pair.Request(HttpMethod.Get, "/");
        request.Headers.Host = "virtual.example.com";

        using HttpResponseMessage response = await pair.Client.SendAsync(request);

        Assert.Equal(("virtual.example.com", "virtual.example.com"), (Assert.Single(pair.A.Requests).Host, Assert.Single(pair.B.Requests).Host));
        if (withTls)
        {
            Assert.Equal("virtual.example.com", Assert.Single(pair.B.ServerNames));
        }
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task A_member_that_breaks_the_connection_is_left_for_the_next(string version, bool withTls)
    {
        await using Pair pair = await Pair.StartAsync(version, withTls);
        pair.A.Instead = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        using var request = pair.Request(HttpMethod.Get, "/");

        using HttpResponseMessage response = await pair.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task A_response_is_read_as_it_comes(string version, bool withTls)
    {
        await using Pair pair = await Pair.StartAsync(version, withTls);
        var more = new TaskCompletionSource();
        pair.A.Instead = async context =>
        {
            await context.Response.WriteAsync("one");
            await context.Response.Body.FlushAsync();
            await more.Task;
            await context.Response.WriteAsync("two");
        };
        using var request = pair.Request(HttpMethod.Get, "/");

        using HttpResponseMessage response = await pair.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using Stream body = await response.Content.ReadAsStreamAsync();
        byte[] buffer = new byte[3];
        await body.ReadExactlyAsync(buffer);
        more.SetResult();

        Assert.Equal("one", System.Text.Encoding.ASCII.GetString(buffer));
        Assert.Equal("two", await new StreamReader(body).ReadToEndAsync());
    }

    [Fact]
    public async Task Tracing_leaves_one_header_on_each_attempt()
    {
        using var listener = new ActivityListener { ShouldListenTo = _ => true, Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData };
        ActivitySource.AddActivityListener(listener);
        using Activity activity = new Activity("caller").SetIdFormat(ActivityIdFormat.W3C).Start();
        await using Pair pair = await Pair.StartAsync("1.1", withTls: false);
        pair.A.Instead = Status(503);
        using var request = pair.Request(HttpMethod.Get, "/");

        using HttpResponseMessage response = await pair.Client.SendAsync(request);

        string first = Assert.Single(pair.A.Requests).Headers["traceparent"];
        string second = Assert.Single(pair.B.Requests).Headers["traceparent"];
        Assert.Equal(4, first.Split('-').Length);
        Assert.Equal(4, second.Split('-').Length);
        Assert.Contains(activity.TraceId.ToHexString(), second, StringComparison.Ordinal);
        Assert.NotEqual(first, second);
    }

    private static Func<HttpContext, Task> Status(int status) => context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    /// <summary>Two servers, the first with a base path, and a client that knows the group as <c>https://orders/v1</c>; without a container.</summary>
    private sealed class Pair : IAsyncDisposable
    {
        private Version _version = null!;
        private FailoverGroup _group = null!;

        internal KestrelBackend A { get; private set; } = null!;

        internal KestrelBackend B { get; private set; } = null!;

        internal HttpClient Client { get; private set; } = null!;

        private Uri Logical => new($"{A.Address.Scheme}://orders/v1");

        /// <summary>A client without a group.</summary>
        internal HttpClient Plain { get; private set; } = null!;

        internal static async Task<Pair> StartAsync(string version, bool withTls)
        {
            HttpProtocols protocols = version == "1.1" ? HttpProtocols.Http1 : HttpProtocols.Http2;
            var pair = new Pair
            {
                _version = Version.Parse(version),
                A = await KestrelBackend.StartAsync(protocols, withTls),
                B = await KestrelBackend.StartAsync(protocols, withTls),
                Plain = new HttpClient(Handler()),
            };
            pair._group = Given.Group(new FakeProbe(), new Uri(pair.A.Address, "/base").AbsoluteUri, pair.B.Address.AbsoluteUri);
            pair.Client = new HttpClient(new FailoverHandler(pair._group) { InnerHandler = Handler(), BaseAddress = pair.Logical });
            return pair;
        }

        internal HttpRequestMessage Request(HttpMethod method, string path) =>
            new(method, Logical.AbsoluteUri + path) { Version = _version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };

        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            Plain.Dispose();
            await _group.DisposeAsync();
            await A.DisposeAsync();
            await B.DisposeAsync();
        }

#pragma warning disable CA5359 // The servers of these tests sign for themselves.
        private static SocketsHttpHandler Handler() => new() { SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, _, _, _) => true } };
#pragma warning restore CA5359
    }

    private sealed class OnceStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
