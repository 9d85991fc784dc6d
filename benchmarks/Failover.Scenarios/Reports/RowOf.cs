using System.Diagnostics;
using Failover.Scenarios.Attempts;
using Failover.Scenarios.Faults;
using Failover.Scenarios.Http;
using Failover.Scenarios.Load;
using Failover.Scenarios.Servers;

namespace Failover.Scenarios.Reports;

/// <summary>Counts what a run left behind.</summary>
internal static class RowOf
{
    private static readonly TimeSpan SlowFrom = TimeSpan.FromSeconds(0.5);

    internal static Row Run(HttpRun run)
    {
        FaultRun fault = run.Fault;
        Call[] calls = [.. run.Calls.Where(c => fault.Whole.Holds(c.Due))];
        Attempt[] attempts = [.. run.Log.To(run.Primary)];
        double[] took = [.. calls.Select(c => Stopwatch.GetElapsedTime(c.Due, c.Ended).TotalMilliseconds).Order()];
        return new()
        {
            Scenario = "http",
            Fault = run.Kind.Name,
            Rate = run.Rate,
            Client = run.Client,
            Requests = calls.Length,
            Failed = calls.Count(c => c.Failure is not null),
            MaxMs = Percentile(took, 1),
            FailedOutside = run.Calls.Count(c => c.Failure is not null && !fault.Whole.Holds(c.Due)),
            Slow = took.Count(ms => ms > SlowFrom.TotalMilliseconds),
            P50Ms = Percentile(took, 0.50),
            P99Ms = Percentile(took, 0.99),
            DeadHits = attempts.Count(a => !a.IsProbe && fault.IsDeadAt(a.At)),
            DeadHitsLast5s = attempts.Count(a => !a.IsProbe && fault.IsDeadAt(a.At) && fault.IsNearEnd(a.At)),
            Probes = attempts.Count(a => a.IsProbe && fault.IsDeadAt(a.At)),
            Connects = run.Log.Connects(run.Primary, fault.IsDeadAt),
            Logged = run.PrimaryJournal.Hits(fault.IsDeadAt),
            InFlight = run.PrimaryJournal.InFlightAtKill,
            Doubled = run.PrimaryJournal.Executed.Concat(run.SecondaryJournal.Executed).GroupBy(c => c, StringComparer.Ordinal).Count(g => g.Count() > 1),
            Unknown = run.Kind.Method == HttpMethod.Post ? run.Calls.Count(c => c.IsUnknown) : 0,
            BackMs = Back(run),
            Switchovers = run.Switchovers,
            Refused = run.Refused,
            HogCores = fault.HogCores is { } cores ? Math.Round(cores, 2) : null,
        };
    }

    private static double? Back(HttpRun run)
    {
        long healed = run.Fault.Whole.To;
        Call? first = run.Calls.Where(c => c.Server == HttpRun.PrimaryName && c.Ended >= healed && c.Due >= healed).MinBy(c => c.Ended);
        return run.Fault.Dead.Count == 0 || first is null ? null : Math.Round(Stopwatch.GetElapsedTime(healed, first.Ended).TotalMilliseconds, 1);
    }

    private static double Percentile(double[] sorted, double share) =>
        sorted.Length == 0 ? 0 : Math.Round(sorted[(int)Math.Ceiling(share * sorted.Length) - 1], 1);
}
