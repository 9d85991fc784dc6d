namespace Failover.Benchmarks.Http;

/// <summary>A server that answers when it is told to: every await above it really waits, and goes on on the thread that tells.</summary>
internal sealed class PendingHandler : HttpMessageHandler
{
    private readonly HttpResponseMessage _answer = StubHandler.Answer();
    private TaskCompletionSource<HttpResponseMessage>? _waiting;

    internal void Answer() => _waiting!.SetResult(_answer);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => (_waiting = new()).Task;
}
