using System.Net;

namespace Failover.Benchmarks.Http;

/// <summary>A server that answers before it is asked: what is left is the cost of the pipeline above it.</summary>
internal sealed class StubHandler : HttpMessageHandler
{
    private readonly Task<HttpResponseMessage> _answer = Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK));

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => _answer;
}
