using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Failover.HealthChecks.Registration;

/// <summary>Answers whoever runs health checks (MapHealthChecks, publishers, gRPC health) from the snapshot: none of them runs a check a second time.</summary>
internal sealed class SnapshotHealthCheckService(NodeHealth health, IOptions<HealthCheckServiceOptions> options) : HealthCheckService
{
    public override Task<HealthReport> CheckHealthAsync(Func<HealthCheckRegistration, bool>? predicate, CancellationToken cancellationToken = default)
    {
        HealthSnapshot snapshot = health.Snapshot;
        if (predicate is null)
        {
            return Task.FromResult(snapshot.ToReport());
        }

        HashSet<string> wanted = new(options.Value.Registrations.Where(predicate).Select(one => one.Name), StringComparer.OrdinalIgnoreCase);
        return Task.FromResult(snapshot.ToReport(check => wanted.Contains(check.Name)));
    }
}
