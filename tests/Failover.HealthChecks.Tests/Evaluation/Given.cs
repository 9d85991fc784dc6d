using Failover.HealthChecks.Evaluation;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.HealthChecks.Tests.Evaluation;

/// <summary>Facts for tests of what is pure.</summary>
internal static class Given
{
    internal static CheckSettings Settings(int fall = 2, int rise = 1, double period = 10, Criticality criticality = Criticality.Critical, CheckScope scope = CheckScope.Shared) =>
        new(TimeSpan.FromSeconds(period), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2), fall, rise, criticality, scope);

    internal static Moment At(double seconds) => new(TimeSpan.FromSeconds(seconds), DateTimeOffset.UnixEpoch.AddSeconds(seconds));

    /// <param name="letter">H, D or U.</param>
    internal static CheckOutcome Outcome(char letter, double at = 0) =>
        new(letter switch { 'H' => HealthStatus.Healthy, 'D' => HealthStatus.Degraded, _ => HealthStatus.Unhealthy }, TimeSpan.FromMilliseconds(5)) { Started = At(at) };

    /// <summary>After outcomes, one a second.</summary>
    internal static CheckState State(string outcomes, CheckSettings settings)
    {
        CheckState state = CheckState.Unknown;
        for (int i = 0; i < outcomes.Length; i++)
        {
            state = state.Observe(Outcome(outcomes[i], i), settings, At(i));
        }

        return state;
    }

    internal static CheckSnapshot Check(string name, string outcomes, Criticality criticality = Criticality.Critical, CheckScope scope = CheckScope.Shared, bool isStale = false)
    {
        CheckSettings settings = Settings(fall: 1, criticality: criticality, scope: scope);
        return new(name, [], settings, State(outcomes, settings), isStale);
    }
}
