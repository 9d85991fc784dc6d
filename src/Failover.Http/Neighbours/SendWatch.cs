using Failover.Http.Replay;

namespace Failover.Http.Neighbours;

/// <summary>Stands next to the network and tells when a request that must not run twice leaves again, though it may have been executed before.</summary>
/// <param name="tell">Is given the method.</param>
internal sealed class SendWatch(Action<string> tell) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Begin(request) is { } sends ? WatchAsync(sends, request, cancellationToken) : base.SendAsync(request, cancellationToken);

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (Begin(request) is not { } sends)
        {
            return base.Send(request, cancellationToken);
        }

        try
        {
            return End(sends, base.Send(request, cancellationToken));
        }
        catch (Exception error)
        {
            End(sends, error, request, cancellationToken);
            throw;
        }
    }

    private async Task<HttpResponseMessage> WatchAsync(Sends sends, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return End(sends, await base.SendAsync(request, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception error)
        {
            End(sends, error, request, cancellationToken);
            throw;
        }
    }

    private Sends? Begin(HttpRequestMessage request)
    {
        if (RequestKind.IsIdempotentMethod(request.Method) || !request.Options.TryGetValue(Sends.Key, out Sends? sends))
        {
            return null;
        }

        // A handler between the two may have given it a key.
        if (sends.Begin() && !RequestKind.Of(request.Method, request).MayRunTwice)
        {
            tell(request.Method.Method);
        }

        return sends;
    }

    /// <summary>What was answered with 4xx was refused: a handler that sends it again with credentials, or once there is room, does no harm.</summary>
    private static HttpResponseMessage End(Sends sends, HttpResponseMessage response)
    {
        if ((int)response.StatusCode is >= 400 and < 500)
        {
            sends.TakeBack();
        }

        return response;
    }

    private static void End(Sends sends, Exception error, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (Faults.Of(error, request, cancellationToken) == AttemptFault.NeverSent)
        {
            sends.TakeBack();
        }
    }
}
