using System.Buffers;
using Failover.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Failover.AspNetCore.Peers;

/// <summary>Answers the other nodes of the app. To everybody else it says 401, and not why.</summary>
internal sealed class PeerEndpoint(NodePeers peers, TimeProvider time, ILogger<PeerEndpoint> logger)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private long? _told;

    internal Task InvokeAsync(HttpContext context)
    {
        HttpResponse response = context.Response;
        response.Headers.CacheControl = "no-store";
        if (!HttpMethods.IsGet(context.Request.Method))
        {
            response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            response.Headers.Allow = "GET";
            response.ContentLength = 0;
            return Task.CompletedTask;
        }

        PeerReply reply = Access.AnswerPeer(context, peers);
        Tell(reply.Refusal);
        if (reply.Refusal is not null)
        {
            response.StatusCode = StatusCodes.Status401Unauthorized;
            response.ContentLength = 0;
            return Task.CompletedTask;
        }

        response.ContentType = "application/json";
        response.Headers[NodePeers.Header] = reply.Signature;
        response.ContentLength = reply.Body.Length;
        response.BodyWriter.Write(reply.Body.Span);
        return Task.CompletedTask;
    }

    // Who knocks again and again, in whatever ways, must not fill the log.
    private void Tell(string? refusal)
    {
        if (refusal is null)
        {
            return;
        }

        lock (_gate)
        {
            if (_told is { } told && time.GetElapsedTime(told) < Quiet)
            {
                return;
            }

            _told = time.GetTimestamp();
        }

        Log.PeerRefused(logger, refusal);
    }
}
