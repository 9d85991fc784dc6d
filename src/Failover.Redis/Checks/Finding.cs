using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.Redis.Checks;

/// <summary>What a look found, before it is known what its registration calls a failure.</summary>
/// <param name="Status">Unhealthy stands for a failure.</param>
/// <param name="Words">Why, for the log; null if all is well.</param>
internal readonly record struct Finding(HealthStatus Status, string? Words)
{
    internal static Finding Healthy => new(HealthStatus.Healthy, null);

    internal static Finding Degraded(string words) => new(HealthStatus.Degraded, words);

    internal static Finding Unhealthy(string words) => new(HealthStatus.Unhealthy, words);

    /// <summary>Returns the worse one of both, with the words of both.</summary>
    internal Finding And(Finding other) => new(
        Status < other.Status ? Status : other.Status,
        Words is null ? other.Words : other.Words is null ? Words : $"{Words}; {other.Words}");
}
