using System.Text.Json.Nodes;

namespace Failover.Kubernetes.Tests;

/// <summary>What is there when a test begins.</summary>
internal static class Given
{
    /// <summary>An object as a holder leaves it behind that has given the lease back.</summary>
    internal static JsonObject ReleasedLease(string name) => Lease(name, new JsonObject
    {
        ["holderIdentity"] = "",
        ["leaseDurationSeconds"] = 1,
        ["leaseTransitions"] = 3,
        ["acquireTime"] = "2025-01-02T03:04:05.000006Z",
        ["renewTime"] = "2025-01-02T03:04:05.000006Z",
    });

    internal static JsonObject Lease(string name, JsonObject spec) => new() { ["apiVersion"] = "coordination.k8s.io/v1", ["kind"] = "Lease", ["metadata"] = new JsonObject { ["name"] = name }, ["spec"] = spec };
}
