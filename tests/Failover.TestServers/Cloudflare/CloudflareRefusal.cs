using System.Text.Json.Nodes;

namespace Failover.TestServers.Cloudflare;

/// <summary>The API says no.</summary>
#pragma warning disable CA1032, CA1064 // Made and caught here alone.
internal sealed class CloudflareRefusal(int status, int code, string message, int? chainCode = null, string? chainMessage = null) : Exception($"{code}: {message}")
#pragma warning restore CA1032, CA1064
{
    internal int Status => status;

    internal JsonObject Body => Envelope(null, new JsonArray(Error()), false);

    internal static JsonObject Envelope(JsonNode? result, JsonArray errors, bool isSuccess) => new()
    {
        ["result"] = result,
        ["success"] = isSuccess,
        ["errors"] = errors,
        ["messages"] = new JsonArray(),
    };

    internal static CloudflareRefusal Validation(int code, string message) => new(400, 1004, "DNS Validation Error", code, message);

    private JsonObject Error()
    {
        JsonObject error = new() { ["code"] = code, ["message"] = message };
        if (chainCode is { } its)
        {
            error["error_chain"] = new JsonArray(new JsonObject { ["code"] = its, ["message"] = chainMessage });
        }

        return error;
    }
}
