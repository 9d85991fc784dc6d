using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.HealthChecks.Checks.Memory;

/// <summary>Looks how near the process is to the limit at which it would be killed.</summary>
internal sealed class MemoryHealthCheck(MemoryReader reader, MemoryCheckOptions options) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        MemoryUse use = reader.Read();
        Dictionary<string, object> data = new()
        {
            ["usedPercent"] = use.UsedPercent,
            ["usedBytes"] = use.UsedBytes,
            ["limitBytes"] = use.LimitBytes,
            ["limitOf"] = use.LimitOf,
            ["processBytes"] = Environment.WorkingSet,
            ["heapBytes"] = GC.GetTotalMemory(forceFullCollection: false),
        };
        return Task.FromResult(Judge(use, options).ToResult(context, data));
    }

    internal static CheckFinding Judge(MemoryUse use, MemoryCheckOptions options)
    {
        string words = string.Create(CultureInfo.InvariantCulture, $"{use.UsedPercent} % of {use.LimitBytes} bytes is used ({use.LimitOf})");
        return use.UsedPercent >= options.MaximumPercent ? CheckFinding.Unhealthy(words)
            : use.UsedPercent >= options.DegradedPercent ? CheckFinding.Degraded(words)
            : CheckFinding.Healthy;
    }

    internal static void Check(MemoryCheckOptions options, OptionsCheck check)
    {
        if (options.MaximumPercent is not (> 0 and <= 100))
        {
            check.Refuse(nameof(options.MaximumPercent), options.MaximumPercent, "must be above 0, up to 100");
        }
        else if (!(options.DegradedPercent > 0 && options.DegradedPercent <= options.MaximumPercent))
        {
            check.Refuse(nameof(options.DegradedPercent), options.DegradedPercent, string.Create(CultureInfo.InvariantCulture, $"must be above 0, and not above {nameof(options.MaximumPercent)} ({options.MaximumPercent})"));
        }
    }
}
