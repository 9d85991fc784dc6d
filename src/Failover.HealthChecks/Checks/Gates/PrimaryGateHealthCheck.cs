using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.HealthChecks.Checks.Gates;

/// <summary>Says how a gate stands. It asks no arbiter: the gate does that while somebody wants to pass. For its first answer it waits a little.</summary>
internal sealed class PrimaryGateHealthCheck(IPrimaryGate gate, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        long since = time.GetTimestamp();
        while (IsUnanswered(gate.State) && time.GetElapsedTime(since) < Patience)
        {
            await Task.Delay(Look, time, cancellationToken).ConfigureAwait(false);
        }

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

        CheckFinding finding = state.Problem is { } problem ? CheckFinding.Degraded($"the work behind the gate cannot be done here: {problem}")
            : IsUnanswered(state) ? CheckFinding.Degraded("the arbiter has not answered yet")
            : CheckFinding.Healthy;
        return finding.ToResult(context, data);
    }

    private static bool IsUnanswered(PrimaryGateState state) => state is { Users: > 0, HasAnswer: false, Problem: null };
}
