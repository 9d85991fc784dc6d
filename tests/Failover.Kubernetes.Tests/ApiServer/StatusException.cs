using System.Text.Json.Nodes;

namespace Failover.Kubernetes.Tests.ApiServer;

/// <summary>A request that the API server refuses, with the Status object that it answers.</summary>
internal sealed class StatusException(int code, string reason, string message) : Exception(message)
{
    internal int Code => code;

    internal JsonObject Body => Of(code, reason, Message);

    internal static JsonObject Of(int code, string reason, string message) => new()
    {
        ["kind"] = "Status",
        ["apiVersion"] = "v1",
        ["metadata"] = new JsonObject(),
        ["status"] = code < 400 ? "Success" : "Failure",
        ["message"] = message,
        ["reason"] = reason,
        ["code"] = code,
    };

    internal static StatusException NotFound(string name) => new(404, "NotFound", $"leases.coordination.k8s.io \"{name}\" not found");

    internal static StatusException Conflict(string name, string why) => new(409, "Conflict", $"Operation cannot be fulfilled on leases.coordination.k8s.io \"{name}\": {why}");

    internal static StatusException BadRequest(string why) => new(400, "BadRequest", why);

    internal static StatusException Invalid(string name, string why) => new(422, "Invalid", $"Lease.coordination.k8s.io \"{name}\" is invalid: {why}");
}
