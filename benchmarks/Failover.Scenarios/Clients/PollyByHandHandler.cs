namespace Failover.Scenarios.Clients;

/// <summary>Sends each request through the pipeline: first to the primary, which it names, and when that has come to nothing to the secondary.</summary>
internal sealed class PollyByHandHandler(PollyByHandPipeline pipeline, Uri secondary) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => pipeline.SendAsync(
        token => base.SendAsync(request, token),
        token =>
        {
            request.RequestUri = new Uri(secondary, request.RequestUri!.PathAndQuery);
            return base.SendAsync(request, token);
        },
        cancellationToken);
}
