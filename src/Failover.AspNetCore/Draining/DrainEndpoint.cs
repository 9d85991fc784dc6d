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
        if (!HttpMethods.IsGet(method) && context.Request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site")
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
