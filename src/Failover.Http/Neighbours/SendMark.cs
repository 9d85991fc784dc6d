using Failover.Http.Replay;

namespace Failover.Http.Neighbours;

/// <summary>Stands outside all other handlers, where a request is still one, and marks those that must not run twice for <see cref="SendWatch"/>.</summary>
internal sealed class SendMark : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Mark(request);
        return base.SendAsync(request, cancellationToken);
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Mark(request);
        return base.Send(request, cancellationToken);
    }

    private static void Mark(HttpRequestMessage request)
    {
        if (!RequestKind.IsIdempotentMethod(request.Method))
        {
            request.Options.Set(Sends.Key, new Sends());
        }
    }
}
