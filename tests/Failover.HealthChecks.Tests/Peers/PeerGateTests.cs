using Failover.HealthChecks.Peers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Failover.HealthChecks.Tests.Peers;

public sealed class PeerGateTests : IAsyncDisposable
{
    private const string Path = "/health/peer";

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly ServiceProvider _services;
    private readonly PeerGate _gate;

    public PeerGateTests()
    {
        ServiceCollection services = [];
        services.AddLogging().AddFailover().AddPeers(options => (options.Node, options.Key) = ("a", Fleet.Key));
        _services = services.BuildServiceProvider();
        _gate = new(_services.GetRequiredService<LastGoodSection<PeerOptions>>(), _time);
    }

    [Fact]
    public void A_request_of_a_peer_is_let_in_once()
    {
        string header = Signed();

        Assert.Null(_gate.Refuses(header, "GET", Path, out PeerRequest? request));
        Assert.Equal("b", request!.Node);
        Assert.Contains("twice", _gate.Refuses(header, "GET", Path, out _), StringComparison.Ordinal);
        Assert.Null(_gate.Refuses(Signed(), "GET", Path, out _));
    }

    [Fact]
    public void A_request_can_never_be_sent_again_while_its_time_is_good()
    {
        string header = Signed(ahead: 30);
        Assert.Null(_gate.Refuses(header, "GET", Path, out _));

        for (int second = 0; second < 120; second++)
        {
            Assert.NotNull(_gate.Refuses(header, "GET", Path, out _));
            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(30, true)]
    [InlineData(-30, true)]
    [InlineData(30.001, false)]
    [InlineData(-30.001, false)]
    [InlineData(1e9, false)]
    public void A_clock_that_is_further_away_than_the_window_is_refused(double ahead, bool isLetIn)
    {
        string? refusal = _gate.Refuses(Signed(ahead: ahead), "GET", Path, out _);

        Assert.Equal(isLetIn, refusal is null);
        Assert.Equal(!isLetIn, refusal?.StartsWith("the clock of b is ", StringComparison.Ordinal) ?? false);
    }

    [Theory]
    [InlineData("another key, long enough", "GET", "/health/peer", "b")]
    [InlineData(Fleet.Key, "HEAD", "/health/peer", "b")]
    [InlineData(Fleet.Key, "GET", "/health/peer/", "b")]
    [InlineData(Fleet.Key, "GET", "/health/drain", "b")]
    [InlineData(Fleet.Key, "GET", "/health/peer", "c")]
    public void A_signature_is_good_for_one_key_method_path_and_node_alone(string key, string method, string path, string node)
    {
        PeerRequest request = new(PeerSignature.NewNonce(), _time.GetUtcNow().ToUnixTimeMilliseconds(), "b", method, path);
        string header = PeerSignature.Request(key, request).Replace(";b;", $";{node};", StringComparison.Ordinal);

        Assert.Contains("our key", _gate.Refuses(header, "GET", Path, out _), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("v1")]
    [InlineData("v1;;;;")]
    [InlineData(";;;;")]
    [InlineData("v1;b;1;AAAAAAAAAAAAAAAAAAAAAA;x;y")]
    [InlineData("v1;b c;1;AAAAAAAAAAAAAAAAAAAAAA;x")]
    [InlineData("v1;b\n;1;AAAAAAAAAAAAAAAAAAAAAA;x")]
    [InlineData("v1;b;-1;AAAAAAAAAAAAAAAAAAAAAA;x")]
    [InlineData("v1;b;99999999999999999999;AAAAAAAAAAAAAAAAAAAAAA;x")]
    [InlineData("v1;b;1;AAAA;x")]
    [InlineData("v1;b;1;AAAAAAAAAAAAAAAAAAAA==;x")]
    [InlineData("v2;b;1;AAAAAAAAAAAAAAAAAAAAAA;x")]
    public void What_has_no_shape_is_refused(string? header) =>
        Assert.Equal("it bears no signature of a peer's shape", _gate.Refuses(header, "GET", Path, out _));

    [Fact]
    public void Every_byte_of_the_header_counts()
    {
        string header = Signed();
        for (int i = 0; i < header.Length; i++)
        {
            char other = header[i] == 'A' ? 'B' : 'A';
            Assert.NotNull(_gate.Refuses(header[..i] + other + header[(i + 1)..], "GET", Path, out _));
            Assert.NotNull(_gate.Refuses(header[..i], "GET", Path, out _));
        }

        Assert.NotNull(_gate.Refuses(header + "A", "GET", Path, out _));
        Assert.NotNull(_gate.Refuses(new string('A', 100_000), "GET", Path, out _));
        Assert.Null(_gate.Refuses(header, "GET", Path, out _));
    }

    [Fact]
    public void Where_no_more_nonces_can_be_kept_nobody_is_let_in_until_some_are_old()
    {
        SeenNonces seen = new(most: 3);

        Assert.All(["1", "2", "3"], nonce => Assert.True(seen.TryAdd(nonce, TimeSpan.Zero, TimeSpan.FromSeconds(60))));
        Assert.False(seen.TryAdd("4", TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(60)));
        Assert.True(seen.TryAdd("4", TimeSpan.FromSeconds(60.1), TimeSpan.FromSeconds(60)));
        Assert.False(seen.TryAdd("4", TimeSpan.FromSeconds(120), TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public void A_stranger_cannot_fill_the_store()
    {
        for (int i = 0; i < 20_000; i++)
        {
            Assert.NotNull(_gate.Refuses(PeerSignature.Request("another key, long enough", new(PeerSignature.NewNonce(), _time.GetUtcNow().ToUnixTimeMilliseconds(), "b", "GET", Path)), "GET", Path, out _));
        }

        Assert.Null(_gate.Refuses(Signed(), "GET", Path, out _));
    }

    [Fact]
    public void A_signed_answer_is_good_for_its_request_and_its_bytes_alone()
    {
        string header = PeerSignature.Answer(Fleet.Key, "nonce", "body"u8);

        Assert.True(PeerSignature.IsAnswer(header, Fleet.Key, "nonce", "body"u8));
        Assert.False(PeerSignature.IsAnswer(header, Fleet.Key, "other", "body"u8));
        Assert.False(PeerSignature.IsAnswer(header, Fleet.Key, "nonce", "Body"u8));
        Assert.False(PeerSignature.IsAnswer(header, "another key, long enough", "nonce", "body"u8));
        Assert.False(PeerSignature.IsAnswer(header[..^1], Fleet.Key, "nonce", "body"u8));
        Assert.False(PeerSignature.IsAnswer("", Fleet.Key, "nonce", "body"u8));
        Assert.DoesNotContain(Fleet.Key, header, StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private string Signed(double ahead = 0) =>
        PeerSignature.Request(Fleet.Key, new(PeerSignature.NewNonce(), _time.GetUtcNow().AddSeconds(ahead).ToUnixTimeMilliseconds(), "b", "GET", Path));
}
