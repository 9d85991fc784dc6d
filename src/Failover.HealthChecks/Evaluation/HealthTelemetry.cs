using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.HealthChecks.Evaluation;

/// <summary>The instruments. Checks are the only tag whose number users choose.</summary>
internal sealed class HealthTelemetry
{
    private const string Check = "failover.check";
    private const string Verdict = "failover.verdict";

    private readonly Histogram<double> _duration;
    private HealthMonitor? _monitor;

    internal HealthTelemetry(IMeterFactory? meters)
    {
        Meter meter = meters?.Create("Failover") ?? new Meter("Failover");
        _duration = meter.CreateHistogram<double>("failover.health.check.duration", "s", "How long health checks took.", null, new() { HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] });
        meter.CreateObservableGauge("failover.health.check.status", ObserveChecks, "1", "1 for a check that is healthy, 0.5 for one that is degraded, 0 for one that is unhealthy; unknown ones are left out.");
        meter.CreateObservableGauge("failover.health.verdict", ObserveVerdicts, "1", "1 if the node is operational, can serve, is alive; else 0.");
    }

    internal void Watch(HealthMonitor monitor) => Volatile.Write(ref _monitor, monitor);

    internal void Forget(HealthMonitor monitor) => Interlocked.CompareExchange(ref _monitor, null, monitor);

    internal void Ran(string check, CheckOutcome outcome)
    {
        if (_duration.Enabled)
        {
            _duration.Record(outcome.Duration.TotalSeconds, new(Check, check), new("failover.outcome", outcome.Error is CheckRun.Timeout or CheckRun.Stuck ? outcome.Error : NameOf(outcome.Status)));
        }
    }

    private IEnumerable<Measurement<double>> ObserveChecks() =>
        Volatile.Read(ref _monitor) is not { } monitor ? []
        : from check in monitor.Snapshot.Checks
          where check is { Status: not null, IsStale: false }
          select new Measurement<double>((int)check.Status.GetValueOrDefault() / 2.0, new KeyValuePair<string, object?>(Check, check.Name));

    private IEnumerable<Measurement<int>> ObserveVerdicts()
    {
        if (Volatile.Read(ref _monitor) is not { } monitor)
        {
            return [];
        }

        HealthVerdicts verdicts = monitor.Snapshot.Verdicts;
        return
        [
            new(verdicts.Operational ? 1 : 0, new KeyValuePair<string, object?>(Verdict, "operational")),
            new(verdicts.CanServe ? 1 : 0, new KeyValuePair<string, object?>(Verdict, "can_serve")),
            new(verdicts.Alive ? 1 : 0, new KeyValuePair<string, object?>(Verdict, "alive")),
        ];
    }

    private static string NameOf(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "healthy",
        HealthStatus.Degraded => "degraded",
        _ => "unhealthy",
    };
}
