using System.Net;
using Failover.Http.Draining;

namespace Failover.Http.Replay;

/// <summary>
/// Reads what <see cref="SocketsHttpHandler"/> reports. Measured against real sockets with .NET 10; the tests in <c>SocketsHttpHandlerFacts</c> hold it to these:
/// <list type="bullet">
/// <item>No connection, no name, no TLS, no tunnel: <see cref="HttpRequestError.ConnectionError"/>, <see cref="HttpRequestError.NameResolutionError"/>, <see cref="HttpRequestError.SecureConnectionError"/>, <see cref="HttpRequestError.ProxyTunnelError"/>.</item>
/// <item><see cref="SocketsHttpHandler.ConnectTimeout"/> is over: a <see cref="TaskCanceledException"/> around a <see cref="TimeoutException"/> that has no cause of its own.</item>
/// <item>Closed after the request: <see cref="HttpRequestError.ResponseEnded"/>; reset after the request: <see cref="HttpRequestError.Unknown"/> around an <see cref="IOException"/>.</item>
/// <item>A pooled connection that died while idle is noticed before anything is written to it.</item>
/// <item>A connection closed after a request <em>without content</em>: the handler itself sends the request again, up to three times, whatever its method — and if that then
/// finds no listener, it reports <see cref="HttpRequestError.ConnectionError"/> for a request that may have been executed. The same with <c>Expect: 100-continue</c>.</item>
/// </list>
/// </summary>
internal static class Faults
{
    /// <summary>HTTP/2 REFUSED_STREAM: closed before any processing (RFC 9113, 8.7).</summary>
    private const long Http2RefusedStream = 0x7;

    /// <summary>HTTP/3 H3_REQUEST_REJECTED: rejected without any processing (RFC 9114, 4.1.1).</summary>
    private const long Http3RequestRejected = 0x10b;

    internal static AttemptFault Of(HttpResponseMessage response) =>
        !ReplayRules.IsUnavailable(response.StatusCode) ? AttemptFault.None
        : DrainMarker.Of(response) is null ? AttemptFault.Unavailable
        : AttemptFault.Draining;

    /// <param name="error">What the inner handler threw.</param>
    /// <param name="request">The request, as it is after the attempt.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    internal static AttemptFault Of(Exception error, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return AttemptFault.Cancelled;
        }

        AttemptFault fault = Of(error);
        return fault == AttemptFault.NeverSent && error is not HttpRequestException { HttpRequestError: HttpRequestError.HttpProtocolError } && MayHaveBeenSentBefore(request)
            ? AttemptFault.Lost
            : fault;
    }

    private static AttemptFault Of(Exception error) => error switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError } => AttemptFault.NeverSent,
        HttpRequestException { HttpRequestError: HttpRequestError.HttpProtocolError, InnerException: HttpProtocolException { ErrorCode: Http2RefusedStream or Http3RequestRejected } } => AttemptFault.NeverSent,
        HttpRequestException { HttpRequestError: HttpRequestError.UserAuthenticationError or HttpRequestError.ExtendedConnectNotSupported } => AttemptFault.Unclear,
        HttpRequestException or IOException => AttemptFault.Lost,
        OperationCanceledException { InnerException: TimeoutException { InnerException: null } } => AttemptFault.NeverSent,
        OperationCanceledException or TimeoutException => AttemptFault.Lost,
        _ => EndedByPipeline(error) ? AttemptFault.Lost : AttemptFault.Unclear,
    };

    /// <summary>
    /// A Polly pipeline between us and the network has ended the attempt: its timeout, or its circuit breaker. Told by name, since nothing here knows Polly. Not even an open breaker proves that nothing was sent: with a retry around it, the
    /// request may have gone out before it opened. A rate limiter that refuses says nothing of the member.
    /// </summary>
    private static bool EndedByPipeline(Exception error)
    {
        for (Type? type = error.GetType(); type is not null; type = type.BaseType)
        {
            if (type.FullName is "Polly.Timeout.TimeoutRejectedException" or "Polly.CircuitBreaker.BrokenCircuitException")
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Whether the inner handler may have sent the request on one connection before it failed to open the next. For methods that may be repeated this does not matter,
    /// and <see cref="Seal"/> rules it out for the others unless they expect 100-continue.
    /// </summary>
    private static bool MayHaveBeenSentBefore(HttpRequestMessage request) =>
        !RequestKind.IsIdempotentMethod(request.Method) && (request.Content is null || request.Headers.ExpectContinue == true);
}
