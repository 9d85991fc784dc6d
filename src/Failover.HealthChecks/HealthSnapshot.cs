using System.Collections.Immutable;
using Failover.HealthChecks.Evaluation;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.HealthChecks;

/// <summary>The health of this node at one instant. Immutable; a new one takes its place by one reference write.</summary>
public sealed class HealthSnapshot
{
    private readonly NodeConditions _conditions;

    internal HealthSnapshot(HealthVerdicts verdicts, ImmutableArray<CheckSnapshot> checks, NodeConditions conditions, Moment at, TimeSpan freshUntil, TimeSpan nextOutcome, long number)
    {
        Verdicts = verdicts;
        Checks = checks;
        _conditions = conditions;
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

    /// <summary>Gets when the next outcome can be expected: when the first check falls due again, or a run under way is heard of at the latest. On the clock of <see cref="At"/>; <see cref="NodeHealth.Until"/> says how far away that is.</summary>
    public TimeSpan NextOutcome { get; }

    /// <summary>Until when it may be taken for the truth.</summary>
    internal TimeSpan FreshUntil { get; }

    /// <summary>Returns the verdicts as they would be if the node had only some of its checks. What holds for the node as a whole, such as that it drains, holds for them as well.</summary>
    /// <param name="counts">Which checks count.</param>
    public HealthVerdicts VerdictsOf(Func<CheckSnapshot, bool> counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        return HealthBoard.Judge(Checks.RemoveAll(check => !counts(check)), _conditions);
    }

    /// <summary>
    /// Returns it as a report for what knows only those: publishers, MapHealthChecks, gRPC health. An entry's description says its state in our own words; what checks and exceptions said is in the log, for it may quote a secret.
    /// A check that is stale or was never heard of counts as failed. Draining does not show here: it is no check, and a report for a liveness probe must stay good.
    /// </summary>
    /// <returns>A full report. Its status is the worst of the checks that count: not of those that are <see cref="Criticality.Info"/>.</returns>
    public HealthReport ToReport() => ToReport(static _ => true);

    internal HealthReport ToReport(Func<CheckSnapshot, bool> predicate)
    {
        Dictionary<string, HealthReportEntry> entries = new(StringComparer.OrdinalIgnoreCase);
        HealthStatus worst = HealthStatus.Healthy;
        TimeSpan longest = TimeSpan.Zero;
        foreach (CheckSnapshot check in Checks.Where(predicate))
        {
            TimeSpan took = check.Duration ?? TimeSpan.Zero;
            HealthStatus status = check.IsStale || check.Status is null ? check.FailureStatus : check.Status.Value;
            worst = check.Criticality != Criticality.Info && status < worst ? status : worst;
            longest = took > longest ? took : longest;
            entries.Add(check.Name, new HealthReportEntry(status, check.Error is { } error ? $"{check.StatusName}: {error}" : check.StatusName, took, exception: null, check.Data, check.Tags));
        }

        return new HealthReport(entries, worst, longest);
    }
}
