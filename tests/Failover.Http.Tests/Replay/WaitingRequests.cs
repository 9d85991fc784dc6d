namespace Failover.Http.Tests.Replay;

/// <summary>Tests of requests that wait for the headers of one of three members.</summary>
public abstract class WaitingRequests : IAsyncDisposable
{
    private protected readonly FakeProbe _probe = new();
    private protected readonly WaitingBackends _backends = new();
    private protected readonly FailoverGroup _group;
    private protected readonly HttpMessageInvoker _client;

    protected WaitingRequests()
    {
        _group = Given.Group(_probe, "https://a", "https://b", "https://c");
        _client = new(new FailoverHandler(_group) { InnerHandler = _backends });
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _backends.Release.TrySetResult();
        _client.Dispose();
        await _group.DisposeAsync();
    }

    private protected static HttpRequestMessage Request(string what)
    {
        string[] words = what.Split(' ');
        var request = new HttpRequestMessage(new HttpMethod(words[0]), "https://a/x");
        switch (words[^1])
        {
            case "content":
                request.Content = new StringContent("x");
                break;
            case "stream":
                request.Content = new StreamContent(new MemoryStream([1]));
                break;
            case "much":
                request.Content = new ByteArrayContent(new byte[100_000]);
                break;
            case "key":
                request.Headers.Add("Idempotency-Key", "8e03978e");
                break;
            case "leave":
                request.AllowReplay();
                break;
        }

        return request;
    }

    private protected static Task FiredAsync(CancellationToken token) => Given.UntilAsync(() => token.IsCancellationRequested, () => "not fired");

    private protected Task AllHealthyAsync() => Given.UntilAsync(() => _group.Snapshot.Members.All(member => member.Verdict == Verdict.Healthy), () => "not healthy");

    private protected async Task<Task<HttpResponseMessage>> WaitingOnAsync(string authority, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Task<HttpResponseMessage> sending = _client.SendAsync(request, cancellationToken);
        await Given.UntilAsync(() => _backends.Asked.Contains(authority), () => string.Join(' ', _backends.Asked));
        return sending;
    }

    private protected void GiveUp(int member)
    {
        MemberMeter meter = _group.Snapshot.Members[member].Meter;
        for (int i = 0; i < 3; i++)
        {
            meter.Failed(meter.Start());
        }

        Assert.Equal(Verdict.Unhealthy, _group.Snapshot.Members[member].Verdict);
    }

    private protected void Recover(int member)
    {
        // A probe that fails in between begins the count anew.
        MemberMeter meter = _group.Snapshot.Members[member].Meter;
        while (_group.Snapshot.Members[member].Verdict == Verdict.Unhealthy)
        {
            meter.Succeeded(meter.Start());
        }
    }
}
