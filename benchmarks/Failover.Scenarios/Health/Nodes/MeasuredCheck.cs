using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.Scenarios.Health.Nodes;

/// <summary>A check that counts its executions.</summary>
internal sealed class MeasuredCheck(Func<Task<HealthCheckResult>> run) : IHealthCheck
{
    private int _executions;
    private int _now;
    private int _most;

    internal int Executions => Volatile.Read(ref _executions);

    /// <summary>How many went on at once, at the most.</summary>
    internal int AtOnce => Volatile.Read(ref _most);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _executions);
        int now = Interlocked.Increment(ref _now);
        int most;
        while (now > (most = Volatile.Read(ref _most)) && Interlocked.CompareExchange(ref _most, now, most) != most)
        {
        }

        try
        {
            return await run();
        }
        finally
        {
            Interlocked.Decrement(ref _now);
        }
    }
}
