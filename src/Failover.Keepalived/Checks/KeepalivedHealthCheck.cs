using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.Keepalived.Checks;

/// <summary>Says how this node stands with its virtual address. Never worse than degraded: what is wrong with keepalived is no reason to move the address, which goes by this very health.</summary>
internal sealed class KeepalivedHealthCheck(Func<KeepalivedSite> site) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        VrrpSnapshot snapshot = site().Snapshot;
        Dictionary<string, object> data = new()
        {
            ["standing"] = $"{snapshot.Standing}",
            ["credit"] = $"{snapshot.Credit}",
            ["acknowledged"] = snapshot.Standing == VrrpStanding.DaemonLost ? "no" : snapshot.IsAcknowledged is { } acknowledged ? (acknowledged ? "yes" : "no") : "waiting",
            ["ownsAddress"] = snapshot.OwnsAddress,

            // A virtual address has no epoch: who is cut off with it goes on.
            ["unfenced"] = snapshot.OwnsAddress,
            ["detectors"] = string.Join("; ", snapshot.Detectors),
        };
        return Task.FromResult(WhyNot(snapshot) is { } why ? HealthCheckResult.Degraded(why, null, data) : HealthCheckResult.Healthy(Words(snapshot), data));
    }

    private static string Words(VrrpSnapshot snapshot) => snapshot.Standing == VrrpStanding.Master ? "this node holds the address" : "this node is backup";

    private static string? WhyNot(VrrpSnapshot snapshot) => snapshot.Standing switch
    {
        VrrpStanding.DualMaster => "both nodes hold the address",
        VrrpStanding.NoMaster => "neither node holds the address",
        VrrpStanding.StrandedAddress => "the address is here, and keepalived does not hold it",
        VrrpStanding.DaemonLost => "keepalived has gone",
        VrrpStanding.Fault => $"keepalived is in FAULT{(snapshot.Credit == Credit.Fault ? $": {snapshot.Reason}" : "")}",
        VrrpStanding.Unknown => snapshot.Problem ?? "nothing was heard of keepalived yet",
        _ => snapshot.Problem,
    };
}
