using Failover.Http.Replay;

namespace Failover.Http.Tests.Replay;

public sealed class BufferedContentTests : IAsyncDisposable
{
    private readonly FailoverGroup _group = Given.Group(new FakeProbe(), "https://a", "https://b");

    public ValueTask DisposeAsync() => _group.DisposeAsync();

    // Method, whether the length is known, how long; who is asked, and what content b gets.
    [Theory]
    [InlineData("PUT", true, 10, "a b")]
    [InlineData("GET", true, 10, "a b")]
    [InlineData("PUT", true, 11, "a")]
    [InlineData("PUT", false, 10, "a")]
    [InlineData("POST", true, 10, "a")]
    public async Task Content_that_is_short_enough_and_says_so_is_sent_again(string method, bool isLengthKnown, int length, string asked)
    {
        RetryBudget.Of(_group).Follow(new HttpReplayOptions { BufferContent = 10 });
        string sent = new('x', length);
        List<(string Authority, string Content)> seen = [];
        async Task<HttpResponseMessage> SeeAsync(HttpRequestMessage request)
        {
            using var copy = new MemoryStream();
            await request.Content!.CopyToAsync(copy);
            seen.Add((request.RequestUri!.Authority, System.Text.Encoding.UTF8.GetString(copy.ToArray())));
            return StubBackends.Answer(request, seen.Count == 1 ? System.Net.HttpStatusCode.ServiceUnavailable : System.Net.HttpStatusCode.OK);
        }

        using var client = new HttpMessageInvoker(new FailoverHandler(_group) { InnerHandler = new Seeing(SeeAsync) });
        using var stream = new OneWay(System.Text.Encoding.UTF8.GetBytes(sent));
        using var request = new HttpRequestMessage(new HttpMethod(method), "https://a/x") { Content = new StreamContent(stream) };
        request.Content.Headers.ContentLength = isLengthKnown ? length : null;

        using HttpResponseMessage response = await client.SendAsync(request, default);

        Assert.Equal(asked, string.Join(' ', seen.Select(attempt => attempt.Authority)));
        Assert.All(seen, attempt => Assert.Equal(sent, attempt.Content));
    }

    [Fact]
    public async Task Nothing_is_buffered_unless_the_group_says_so()
    {
        StubBackends backends = new StubBackends().Does("a", "503");
        using var client = new HttpMessageInvoker(new FailoverHandler(_group) { InnerHandler = backends });
        using var stream = new OneWay([1]);
        using var request = new HttpRequestMessage(HttpMethod.Put, "https://a/x") { Content = new StreamContent(stream) };
        request.Content.Headers.ContentLength = 1;

        using HttpResponseMessage response = await client.SendAsync(request, default);

        Assert.Equal(["PUT https://a/x"], backends.Asked);
        Assert.Equal(0, stream.Reads);
    }

    private sealed class Seeing(Func<HttpRequestMessage, Task<HttpResponseMessage>> see) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => see(request);
    }

    /// <summary>Can be read once, and does not say how long it is.</summary>
    private sealed class OneWay(byte[] bytes) : MemoryStream(bytes)
    {
        internal int Reads { get; private set; }

        public override bool CanSeek => false;

        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
        {
            Reads++;
            return destination.WriteAsync(ToArray(), cancellationToken).AsTask();
        }
    }
}
