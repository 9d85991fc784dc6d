using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.HealthChecks.Checks;

/// <summary>What a check found, before it is known what its registration calls a failure.</summary>
/// <param name="Status">Unhealthy stands for a failure.</param>
/// <param name="Words">Why, for the log; null if all is well.</param>
internal readonly record struct CheckFinding(HealthStatus Status, string? Words)
{
    internal static CheckFinding Healthy => new(HealthStatus.Healthy, null);

    internal static CheckFinding Degraded(string words) => new(HealthStatus.Degraded, words);

    internal static CheckFinding Unhealthy(string words) => new(HealthStatus.Unhealthy, words);

    internal HealthCheckResult ToResult(HealthCheckContext context, IReadOnlyDictionary<string, object> data) =>
        new(Status == HealthStatus.Unhealthy ? context.Registration.FailureStatus : Status, Words, exception: null, data);
}
