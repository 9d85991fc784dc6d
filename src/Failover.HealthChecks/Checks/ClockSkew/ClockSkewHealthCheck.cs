using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.HealthChecks.Checks.ClockSkew;

/// <summary>Looks how far the clock of this node is from those of its peers.</summary>
internal sealed class ClockSkewHealthCheck(FreshPeers peers, ClockSkewCheckOptions options) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        TimeSpan[] skews = [.. peers.Now().Select(static peer => peer.ClockSkew).OfType<TimeSpan>()];
        TimeSpan? least = ClockSkewRules.Least(skews);
        Dictionary<string, object> data = new() { ["peersHeard"] = skews.Length };
        if (least is { } skew)
        {
            data["skewMs"] = Math.Round(skew.TotalMilliseconds, 1);
        }

        return Task.FromResult(ClockSkewRules.Judge(least, peers.Refuse, options).ToResult(context, data));
    }
}
