using System.Buffers;
using System.Text.Json;
using Failover.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Failover.AspNetCore.Draining;

/// <summary>Drains the node on request.</summary>
internal sealed class DrainEndpoint(string policy, NodeDrain drain, Access access, ILogger<DrainEndpoint> logger)
{
    private const string Reason = "manual";

    internal Task InvokeAsync(HttpContext context) => access.GuardAsync(context, policy, Act);

    private Task Act(HttpContext context)
    {
        HttpResponse response = context.Response;
        response.Headers.CacheControl = "no-store";
        string method = context.Request.Method;
        bool isPost = HttpMethods.IsPost(method);
        bool isDelete = HttpMethods.IsDelete(method);
        if (!isPost && !isDelete && !HttpMethods.IsGet(method))
        {
            response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            response.Headers.Allow = "GET, POST, DELETE";
            response.ContentLength = 0;
            return Task.CompletedTask;
        }

        // The browser of an operator, made by a page of somebody else to send it, with the operator's credentials.
        if (!HttpMethods.IsGet(method) && IsOfAnotherSite(context.Request))
        {
            response.StatusCode = StatusCodes.Status403Forbidden;
            response.ContentLength = 0;
            return Task.CompletedTask;
        }

        if (isPost && drain.Begin(Reason))
        {
            Log.DrainAsked(logger, "drain the node");
        }
        else if (isDelete && drain.End(Reason))
        {
            Log.DrainAsked(logger, "end that drain");
        }

        ReadOnlySpan<byte> state = State();
        response.ContentType = "application/json";
        response.ContentLength = state.Length;
        response.BodyWriter.Write(state);
        return Task.CompletedTask;
    }

    /// <summary>Browsers tell of the site to addresses that they trust, and of the origin alone to others, such as plain http in a private network.</summary>
    private static bool IsOfAnotherSite(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site ? site is "cross-site" or "same-site"
        : request.Headers.Origin.ToString() is { Length: > 0 } origin
            && !(Uri.TryCreate(origin, UriKind.Absolute, out Uri? from) && string.Equals(from.Authority, new UriBuilder(from.Scheme, request.Host.Host, request.Host.Port ?? -1).Uri.Authority, StringComparison.OrdinalIgnoreCase));

    private ReadOnlySpan<byte> State()
    {
        ArrayBufferWriter<byte> buffer = new();
        using Utf8JsonWriter writer = new(buffer);
        writer.WriteStartObject();
        writer.WriteBoolean("draining", drain.IsDraining);
        writer.WriteStartArray("reasons");
        foreach (string reason in drain.Reasons)
        {
            writer.WriteStringValue(reason);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan;
    }
}
