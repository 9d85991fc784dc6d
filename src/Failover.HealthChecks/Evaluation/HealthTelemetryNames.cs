namespace Failover.HealthChecks.Evaluation;

/// <summary>The names under which the health is measured: a promise to users, listed in docs/health.md.</summary>
internal static class HealthTelemetryNames
{
    internal const string CheckDuration = "failover.health.check.duration";
    internal const string CheckStatus = "failover.health.check.status";
    internal const string CheckStuck = "failover.health.check.stuck";
    internal const string VerdictOf = "failover.health.verdict";

    internal const string Check = "failover.check";
    internal const string Outcome = "failover.outcome";
    internal const string Verdict = "failover.verdict";
}
