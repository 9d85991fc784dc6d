using System.Net;
using Failover.Http.Replay;
using Microsoft.Extensions.Logging.Testing;

namespace Failover.Http.Tests.Replay;

/// <summary>What becomes of the message that is sent, and of answers that are not returned.</summary>
public sealed class MessageTests : HandlerOverStubs
{
    [Fact]
    public async Task The_same_message_goes_out_again_with_all_that_is_on_it()
    {
        var key = new HttpRequestOptionsKey<string>("mine");
        var content = new StreamContent(new MemoryStream([1, 2, 3]));
        var seen = new List<(HttpRequestMessage, Version, HttpVersionPolicy, string?, string, HttpContent?)>();
        HttpResponseMessage See(HttpRequestMessage request)
        {
            request.Options.TryGetValue(key, out string? option);
            seen.Add((request, request.Version, request.VersionPolicy, request.Headers.Host, string.Join(',', request.Headers.GetValues("X-Mine")) + option, request.Content));
            return request.RequestUri!.Authority == "a" ? throw StubBackends.Refused : StubBackends.Answer(request, HttpStatusCode.OK);
        }

        using HttpMessageInvoker client = Client(new StubBackends().Does("a", See).Does("b", See));
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://a/x") { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = content };
        request.Headers.Host = "virtual.example.com";
        request.Headers.Add("X-Mine", "one");
        request.Options.Set(key, "two");

        using HttpResponseMessage response = await client.SendAsync(request, default);

        Assert.Equal(2, seen.Count);
        Assert.Equal((request, HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact, "virtual.example.com", "onetwo", content), seen[0]);
        Assert.Equal(seen[0], seen[1]);
    }

    // The member has answered, with a redirect; what comes of it elsewhere is not its fault.
    [Fact]
    public async Task A_fault_behind_a_redirect_to_somewhere_else_counts_against_nobody()
    {
        StubBackends backends = new StubBackends().Does("a", request =>
        {
            request.RequestUri = new Uri("https://elsewhere/");
            throw StubBackends.Refused;
        });
        using HttpMessageInvoker client = Client(backends);
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://a/");

        await Assert.ThrowsAsync<HttpRequestException>(() => client.SendAsync(request, default));

        Assert.Single(backends.Asked);
        Assert.Equal("1/0/0", Told(_group, 0));
        Assert.Equal("https://a/", request.RequestUri?.AbsoluteUri);
    }

    // 303 See Other: the POST was executed, its result is asked for with GET.
    [Fact]
    public async Task A_POST_that_a_redirect_has_made_a_GET_is_not_sent_again()
    {
        StubBackends backends = new StubBackends().Does("a", request =>
        {
            request.RequestUri = new Uri("https://a/result");
            request.Method = HttpMethod.Get;
            request.Content = null;
            throw StubBackends.Refused;
        });
        using HttpMessageInvoker client = Client(backends);
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://a/") { Content = new StringContent("x") };

        await Assert.ThrowsAsync<HttpRequestException>(() => client.SendAsync(request, default));

        Assert.Single(backends.Asked);
        Assert.Equal("0/0/1", Told(_group, 0));
    }

    [Fact]
    public async Task A_POST_without_content_is_sealed_while_it_is_under_way()
    {
        HttpContent? seen = null;
        using HttpMessageInvoker client = Client(new StubBackends().Does("a", request =>
        {
            seen = request.Content;
            return StubBackends.Answer(request, HttpStatusCode.OK);
        }));
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://a/");

        using HttpResponseMessage response = await client.SendAsync(request, default);

        Assert.IsType<Seal>(seen);
        Assert.Null(request.Content);
    }

    [Fact]
    public async Task The_answer_that_is_not_returned_is_disposed_of()
    {
        var content = new DisposalContent();
        using HttpMessageInvoker client = Client(new StubBackends().Does("a", _ => new(HttpStatusCode.ServiceUnavailable) { Content = content }));
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://a/");

        using HttpResponseMessage response = await client.SendAsync(request, default);

        Assert.True(content.IsDisposed);
    }

    [Fact]
    public async Task A_replay_is_logged_without_path_and_query()
    {
        using HttpMessageInvoker client = Client(new StubBackends().Does("a", "503"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://a/secret?token=hush");

        using HttpResponseMessage response = await client.SendAsync(request, default);

        Assert.Equal("A GET request failed on a of orders (Unavailable) and is sent to b.", Assert.Single(_logs.GetSnapshot()).Message);
    }

    private sealed class DisposalContent : ByteArrayContent
    {
        internal DisposalContent()
            : base([])
        {
        }

        internal bool IsDisposed { get; private set; }

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }
}
