using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.HealthChecks.Evaluation;

/// <summary>The instruments. Checks are the only tag whose number users choose.</summary>
internal sealed class HealthTelemetry : IDisposable
{
    private readonly Histogram<double> _duration;
    private readonly Meter? _own;
    private HealthMonitor? _monitor;

    internal HealthTelemetry(IMeterFactory? meters)
    {
        Meter meter = meters?.Create("Failover") ?? (_own = new Meter("Failover"));
        _duration = meter.CreateHistogram<double>(HealthTelemetryNames.CheckDuration, "s", "How long health checks took.", null, new() { HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] });
        meter.CreateObservableGauge(HealthTelemetryNames.CheckStatus, ObserveStatus, "1", "1 for a check that is healthy, 0.5 for one that is degraded, 0 for one that is unhealthy; unknown ones are left out.");
        meter.CreateObservableGauge(HealthTelemetryNames.CheckStuck, ObserveStuck, "1", "1 for a check with a run that goes on after its time, else 0.");
        meter.CreateObservableGauge(HealthTelemetryNames.VerdictOf, ObserveVerdicts, "1", "1 if the node is operational, can serve, is alive; else 0.");
    }

    internal void Watch(HealthMonitor monitor) => Volatile.Write(ref _monitor, monitor);

    internal void Forget(HealthMonitor monitor) => Interlocked.CompareExchange(ref _monitor, null, monitor);

    /// <summary>Measures a run; not that one still goes on.</summary>
    internal void Ran(string check, CheckOutcome outcome)
    {
        if (outcome.Started is not null && _duration.Enabled)
        {
            string came = outcome.Error == CheckRun.Timeout ? "timed_out" : NameOf(outcome.Status);
            _duration.Record(outcome.Duration.TotalSeconds, new(HealthTelemetryNames.Check, check), new(HealthTelemetryNames.Outcome, came));
        }
    }

    // What a factory has made is its own to dispose of.
    public void Dispose() => _own?.Dispose();

    private IEnumerable<Measurement<double>> ObserveStatus() =>
        from check in Checks()
        where check is { Status: not null, IsStale: false }
        select new Measurement<double>((int)check.Status.GetValueOrDefault() / 2.0, Tag(check));

    private IEnumerable<Measurement<int>> ObserveStuck() => from check in Checks() select new Measurement<int>(check.IsStuck ? 1 : 0, Tag(check));

    private IEnumerable<Measurement<int>> ObserveVerdicts()
    {
        if (Volatile.Read(ref _monitor) is not { } monitor)
        {
            return [];
        }

        HealthVerdicts verdicts = monitor.Snapshot.Verdicts;
        return [Of("operational", verdicts.Operational), Of("can_serve", verdicts.CanServe), Of("alive", verdicts.Alive)];

        static Measurement<int> Of(string verdict, bool holds) => new(holds ? 1 : 0, new KeyValuePair<string, object?>(HealthTelemetryNames.Verdict, verdict));
    }

    private ImmutableArray<CheckSnapshot> Checks() => Volatile.Read(ref _monitor)?.Snapshot.Checks ?? [];

    private static KeyValuePair<string, object?> Tag(CheckSnapshot check) => new(HealthTelemetryNames.Check, check.Name);

    private static string NameOf(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "healthy",
        HealthStatus.Degraded => "degraded",
        _ => "unhealthy",
    };
}
