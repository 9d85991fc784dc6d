using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.HealthChecks.Evaluation;

/// <summary>One check as the monitor keeps it. Touched under the monitor's lock alone.</summary>
internal sealed class CheckSlot(HealthCheckRegistration registration, TimeSpan? ownPeriod)
{
    internal HealthCheckRegistration Registration { get; } = registration;

    internal IReadOnlyCollection<string> Tags { get; } = [.. registration.Tags];

    internal CheckSettings Settings { get; set; } = CheckSettings.Of(registration, ownPeriod, null, new HealthOptions());

    internal CheckState State { get; set; } = CheckState.Unknown;

    /// <summary>When it falls due, on the monitor's clock.</summary>
    internal TimeSpan Due { get; set; }

    /// <summary>The run that goes on, be it left behind; null if none does.</summary>
    internal CheckRun? Run { get; set; }

    /// <summary>How many runs were begun.</summary>
    internal long Runs { get; set; }

    /// <summary>The type of the check; null as long as none was made.</summary>
    internal Type? Kind { get; set; }

    internal void Configure(HealthOptions options) => Settings = CheckSettings.Of(Registration, ownPeriod, Kind, options);

    internal CheckSnapshot Snapshot(Moment now) => new(Registration.Name, Tags, Settings, State, State.IsStale(Settings, now));
}
