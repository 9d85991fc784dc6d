using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.HealthChecks.Checks.Groups;

/// <summary>Says how a group stands. It asks no member: the group does that all the time.</summary>
internal sealed class FailoverGroupHealthCheck(FailoverGroup group, FailoverGroupCheckOptions options) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        GroupSnapshot snapshot = group.Snapshot;
        CheckFinding finding = FailoverGroupRules.Judge(snapshot, group.Now.Since(snapshot.Since), options);
        return Task.FromResult(finding.ToResult(context, FailoverGroupRules.Data(snapshot)));
    }
}
