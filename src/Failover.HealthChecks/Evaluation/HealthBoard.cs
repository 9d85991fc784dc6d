using System.Collections.Immutable;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.HealthChecks.Evaluation;

/// <summary>From what is known of each check to the verdicts on the node. Pure.</summary>
internal static class HealthBoard
{
    /// <summary>How many names of checks a reason lists.</summary>
    private const int MostNamed = 5;

    /// <param name="checks">What is known of each check.</param>
    /// <param name="conditions">What else counts.</param>
    internal static HealthVerdicts Judge(ImmutableArray<CheckSnapshot> checks, NodeConditions conditions)
    {
        bool isStarted = true;
        bool isOperational = conditions is { IsDraining: false, IsAlive: true };
        bool canServe = isOperational;
        bool couldServe = !conditions.IsDraining;
        List<string> reasons = [];
        if (conditions.IsDraining)
        {
            reasons.Add("draining");
        }

        if (!conditions.IsAlive)
        {
            // What the checks said is no news any more, whatever their periods.
            reasons.Add("checks do not come to run");
        }

        if (conditions.ConfigurationProblem is not null)
        {
            isOperational = false;
            reasons.Add("configuration refused");
        }

        foreach (CheckSnapshot check in checks)
        {
            if (check.Criticality == Criticality.Info)
            {
                continue;
            }

            bool isCritical = check.Criticality == Criticality.Critical;
            isStarted &= !isCritical || check.HasPassed;
            if (check is { Status: HealthStatus.Healthy, IsStale: false })
            {
                continue;
            }

            // Stale: it is this node that does not get round to its checks. A check that is degraded works.
            bool isUnhealthy = isCritical && !check.IsStale && check.Status == HealthStatus.Unhealthy;
            bool isHereAlone = isUnhealthy && check.Scope == CheckScope.Shared && conditions.PeerHasNot(check);
            isOperational = false;
            couldServe &= !isHereAlone && !(isUnhealthy && check.Scope == CheckScope.Local);
            canServe &= couldServe && !(isCritical && check.IsStale);
            reasons.Add($"{check.Name} {check.StatusName}{(isHereAlone ? " (not so at a peer)" : "")}");
        }

        return new()
        {
            Operational = isStarted && isOperational,
            CanServe = isStarted && canServe,
            Alive = conditions.IsAlive,
            IsStarted = isStarted,
            IsStale = isStarted && couldServe && !canServe,
            IsDraining = conditions.IsDraining,
            Reason = reasons.Count == 0 ? null : string.Join(", ", reasons.Take(MostNamed)) + (reasons.Count > MostNamed ? $" and {reasons.Count - MostNamed} more" : ""),
        };
    }
}
