using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.HealthChecks.Evaluation;

/// <summary>What is in force for one check.</summary>
/// <param name="Period">From the end of one run to the beginning of the next, while it passes.</param>
/// <param name="FailurePeriod">The same while it does not.</param>
/// <param name="Timeout">How long a run may take.</param>
/// <param name="Fall">How many runs in a row must fail.</param>
/// <param name="Rise">How many runs in a row must pass.</param>
/// <param name="Criticality">What a failure means.</param>
/// <param name="Scope">Whose failure it is.</param>
internal sealed record CheckSettings(TimeSpan Period, TimeSpan FailurePeriod, TimeSpan Timeout, int Fall, int Rise, Criticality Criticality, CheckScope Scope)
{
    private const string Local = "local";
    private const string Shared = "shared";

    /// <summary>After which time without an outcome nothing is known of the check any more.</summary>
    internal TimeSpan Staleness => (3 * Period) + Timeout;

    /// <summary>What it says when it fails. A registration that would have failures count as healthy would have us lie: degraded is the least.</summary>
    internal HealthStatus FailureStatus => Criticality == Criticality.Critical ? HealthStatus.Unhealthy : HealthStatus.Degraded;

    /// <param name="registration">The check.</param>
    /// <param name="ownPeriod">The period of its registration, if it has one.</param>
    /// <param name="kind">The type of the check; null as long as none was made.</param>
    /// <param name="options">The options in force.</param>
    internal static CheckSettings Of(HealthCheckRegistration registration, TimeSpan? ownPeriod, Type? kind, HealthOptions options)
    {
        CheckOptions own = options.Checks.TryGetValue(registration.Name, out CheckOptions? found) ? found : new();
        TimeSpan period = own.Period ?? (ownPeriod is { } registered ? HealthOptionsKeys.AsPeriod(registered) : options.Period);
        TimeSpan failurePeriod = own.FailurePeriod ?? options.FailurePeriod;
        return new(
            period,
            failurePeriod < period ? failurePeriod : period,
            own.Timeout ?? (registration.Timeout > TimeSpan.Zero ? HealthOptionsKeys.AsTimeout(registration.Timeout) : options.Timeout),
            own.Fall ?? options.Fall,
            own.Rise ?? options.Rise,
            own.Criticality ?? CriticalityOf(registration),
            own.Scope ?? ScopeOf(registration, kind));
    }

    /// <summary>The registration as the check is to see it: most checks return its <c>FailureStatus</c> when they fail, and that must mean what the settings say.</summary>
    internal HealthCheckRegistration Means(HealthCheckRegistration registration) =>
        registration.FailureStatus == FailureStatus ? registration : new(registration.Name, registration.Factory, FailureStatus, registration.Tags, registration.Timeout);

    private static Criticality CriticalityOf(HealthCheckRegistration registration) =>
        Is(registration, "critical") ? Criticality.Critical
        : Is(registration, "degrading") ? Criticality.Degrading
        : Is(registration, "info") ? Criticality.Info
        : registration.FailureStatus switch
        {
            HealthStatus.Unhealthy => Criticality.Critical,
            HealthStatus.Degraded => Criticality.Degrading,
            _ => Criticality.Info,
        };

    private static CheckScope ScopeOf(HealthCheckRegistration registration, Type? kind) =>
        Is(registration, Local) ? CheckScope.Local
        : Is(registration, Shared) ? CheckScope.Shared
        : kind is not null && KnownChecks.AreLocal(kind) ? CheckScope.Local
        : CheckScope.Shared;

    /// <summary>Adds the tag of a scope to tags that name none.</summary>
    internal static IEnumerable<string> WithScope(IEnumerable<string> tags, CheckScope scope)
    {
        string[] all = [.. tags];
        return all.Any(static tag => string.Equals(tag, Local, StringComparison.OrdinalIgnoreCase) || string.Equals(tag, Shared, StringComparison.OrdinalIgnoreCase))
            ? all
            : [.. all, scope == CheckScope.Local ? Local : Shared];
    }

    private static bool Is(HealthCheckRegistration registration, string tag) => registration.Tags.Contains(tag, StringComparer.OrdinalIgnoreCase);
}
