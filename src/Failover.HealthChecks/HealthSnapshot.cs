using System.Collections.Immutable;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.HealthChecks;

/// <summary>The health of this node at one instant. Immutable; a new one takes its place by one reference write.</summary>
public sealed class HealthSnapshot
{
    internal HealthSnapshot(HealthVerdicts verdicts, ImmutableArray<CheckSnapshot> checks, Moment at, TimeSpan freshUntil, TimeSpan nextOutcome, long number)
    {
        Verdicts = verdicts;
        Checks = checks;
        At = at;
        FreshUntil = freshUntil;
        NextOutcome = nextOutcome;
        Number = number;
    }

    /// <summary>Gets the verdicts.</summary>
    public HealthVerdicts Verdicts { get; }

    /// <summary>Gets the checks, in the order of their registration.</summary>
    public ImmutableArray<CheckSnapshot> Checks { get; }

    /// <summary>Gets when it was made.</summary>
    public Moment At { get; }

    /// <summary>Gets its number: each snapshot's is higher than those before.</summary>
    public long Number { get; }

    /// <summary>Gets when the first check falls due again, on the clock of <see cref="At"/>.</summary>
    public TimeSpan NextOutcome { get; }

    /// <summary>Until when it may be taken for the truth.</summary>
    internal TimeSpan FreshUntil { get; }

    /// <summary>
    /// Returns it as a report for what knows only those: publishers, MapHealthChecks, gRPC health. An entry's description says its state in our own words; what checks and exceptions said is in the log, for it may quote a secret.
    /// </summary>
    public HealthReport ToReport() => ToReport(static _ => true);

    internal HealthReport ToReport(Func<CheckSnapshot, bool> predicate)
    {
        Dictionary<string, HealthReportEntry> entries = new(StringComparer.OrdinalIgnoreCase);
        TimeSpan longest = TimeSpan.Zero;
        foreach (CheckSnapshot check in Checks.Where(predicate))
        {
            TimeSpan took = check.Duration ?? TimeSpan.Zero;
            longest = took > longest ? took : longest;
            HealthStatus status = check.IsStale || check.Status is null ? FailureOf(check) : check.Status.Value;
            entries.Add(check.Name, new HealthReportEntry(status, check.Error is { } error ? $"{check.StatusName}: {error}" : check.StatusName, took, exception: null, check.Data, check.Tags));
        }

        return new HealthReport(entries, longest);
    }

    private static HealthStatus FailureOf(CheckSnapshot check) => check.Criticality == Criticality.Critical ? HealthStatus.Unhealthy : HealthStatus.Degraded;
}
