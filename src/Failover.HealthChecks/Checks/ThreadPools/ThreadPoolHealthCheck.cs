using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.HealthChecks.Checks.ThreadPools;

/// <summary>Queues one work item and waits for it, on a thread that is not the pool's: when the pool is starved, nothing that it runs could tell in time.</summary>
internal sealed class ThreadPoolHealthCheck(ThreadPoolCheckOptions options, TimeProvider time) : IHealthCheck
{
    private readonly Lock _gate = new();
    private QueuedItem? _item;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Thread.CurrentThread.IsThreadPoolThread
            ? OneAtATime.OnItsOwnThread(() => Look(context, cancellationToken))
            : Task.FromResult(Look(context, cancellationToken));

    private HealthCheckResult Look(HealthCheckContext context, CancellationToken cancellationToken)
    {
        QueuedItem item = Queued();
        bool ran = item.Wait(options.MaximumWait, cancellationToken);
        TimeSpan waited = item.Waited;
        if (!ran && waited < options.MaximumWait)
        {
            // Two clocks: the wait may end a moment too early.
            waited = options.MaximumWait;
        }

        Dictionary<string, object> data = new()
        {
            ["waitMs"] = Math.Round(waited.TotalMilliseconds, 1),
            ["threads"] = ThreadPool.ThreadCount,
            ["queued"] = ThreadPool.PendingWorkItemCount,
        };
        return Judge(waited, options).ToResult(context, data);
    }

    internal static CheckFinding Judge(TimeSpan waited, ThreadPoolCheckOptions options)
    {
        string words = string.Create(CultureInfo.InvariantCulture, $"a work item waits {waited.TotalMilliseconds:0} ms for a thread of the pool");
        return waited >= options.MaximumWait ? CheckFinding.Unhealthy(words)
            : waited >= options.DegradedWait ? CheckFinding.Degraded(words)
            : CheckFinding.Healthy;
    }

    internal static void Check(ThreadPoolCheckOptions options, OptionsCheck check)
    {
        check.InRange(nameof(options.MaximumWait), options.MaximumWait, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));
        if (!check.IsRefused(nameof(options.MaximumWait)))
        {
            check.InRange(nameof(options.DegradedWait), options.DegradedWait, TimeSpan.FromMilliseconds(1), options.MaximumWait);
        }
    }

    /// <summary>The item that still waits from an earlier run, which then tells of a longer wait; else a new one.</summary>
    private QueuedItem Queued()
    {
        lock (_gate)
        {
            if (_item is not { HasRun: false })
            {
                _item = new(time);
                ThreadPool.UnsafeQueueUserWorkItem(_item, preferLocal: false);
            }

            return _item;
        }
    }
}
