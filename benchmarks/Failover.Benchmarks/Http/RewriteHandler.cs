namespace Failover.Benchmarks.Http;

/// <summary>The least that any client-side selection has to do when the request names another host: a new address.</summary>
internal sealed class RewriteHandler(Uri target) : DelegatingHandler(new StubHandler())
{
    private readonly string _origin = target.GetLeftPart(UriPartial.Authority);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.RequestUri = new Uri(_origin + request.RequestUri!.PathAndQuery);
        return base.SendAsync(request, cancellationToken);
    }
}
