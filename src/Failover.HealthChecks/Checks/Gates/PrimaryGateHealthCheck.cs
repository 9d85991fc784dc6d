using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.HealthChecks.Checks.Gates;

/// <summary>Says how a gate stands. It asks no arbiter: the gate does that while somebody wants to pass.</summary>
internal sealed class PrimaryGateHealthCheck(IPrimaryGate gate) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        PrimaryGateState state = gate.State;
        Dictionary<string, object> data = new() { ["primary"] = state.IsPrimary, ["users"] = state.Users };
        if (state.Token is { } token)
        {
            data["token"] = token;
        }

        if (state.Holder is { } holder)
        {
            data["holder"] = holder;
        }

        CheckFinding finding = state.Problem is { } problem ? CheckFinding.Degraded($"nobody here can become the primary: {problem}") : CheckFinding.Healthy;
        return Task.FromResult(finding.ToResult(context, data));
    }
}
