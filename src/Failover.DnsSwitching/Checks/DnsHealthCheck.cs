using Failover.DnsSwitching.Registration;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.DnsSwitching.Checks;

/// <summary>Says whether a name could be moved. Never worse than degraded: a provider that is away is no reason to leave this node.</summary>
internal sealed class DnsHealthCheck(Func<DnsSwitches> switches, string group) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        DnsSwitchSnapshot snapshot = switches().Of(group).Snapshot;
        Dictionary<string, object> data = new()
        {
            ["name"] = snapshot.Name,
            ["provider"] = snapshot.Provider,
            ["values"] = snapshot.State?.Values.ToString() ?? "unknown",
            ["owner"] = snapshot.State?.OwnerText ?? "none",
            ["proven"] = snapshot.IsProven,
        };
        string? problem = snapshot.Problem ?? snapshot.ReadProblem ?? (snapshot.State is null ? "it was not read yet" : snapshot.IsProven ? null : "it was not proved yet that it could be moved");
        return Task.FromResult(problem is null ? HealthCheckResult.Healthy($"{snapshot.Name} is {snapshot.State!.Values}", data) : HealthCheckResult.Degraded($"{snapshot.Name}: {problem}", null, data));
    }
}
