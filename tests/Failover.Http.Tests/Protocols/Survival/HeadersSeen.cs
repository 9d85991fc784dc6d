namespace Failover.Http.Tests.Protocols.Survival;

/// <summary>Stands before everything else, and tells when the headers of an answer have come: while the client buffers the body, nobody else can see that.</summary>
internal sealed class HeadersSeen(HttpMessageHandler inner, Action tell) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
        tell();
        return response;
    }
}
