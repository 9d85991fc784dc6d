using Failover.HealthChecks.Evaluation;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.HealthChecks;

/// <summary>How one check stood at one instant. Immutable. Holds nothing that may quote a secret, but for what the check itself put into <see cref="Data"/>.</summary>
public sealed class CheckSnapshot
{
    private readonly CheckSettings _settings;
    private readonly CheckState _state;

    internal CheckSnapshot(string name, IReadOnlyCollection<string> tags, CheckSettings settings, CheckState state, bool isStale)
    {
        Name = name;
        Tags = tags;
        IsStale = isStale;
        (_settings, _state) = (settings, state);
    }

    /// <summary>Gets the name of the registration.</summary>
    public string Name { get; }

    /// <summary>Gets the tags of the registration.</summary>
    public IReadOnlyCollection<string> Tags { get; }

    /// <summary>Gets what a failure means for the node.</summary>
    public Criticality Criticality => _settings.Criticality;

    /// <summary>Gets whose failure it is.</summary>
    public CheckScope Scope => _settings.Scope;

    /// <summary>Gets what the check counts as, by the outcomes in a row that its thresholds ask for; null before its first outcome.</summary>
    public HealthStatus? Status => _state.Status;

    /// <summary>Gets what the newest run said; null before the first outcome. May differ from <see cref="Status"/> until the thresholds are reached.</summary>
    public HealthStatus? LastStatus => _state.Last?.Status;

    /// <summary>Gets since when it counts as <see cref="Status"/>; null before its first outcome.</summary>
    public Moment? Since => _state.Since;

    /// <summary>Gets when the newest outcome came; null before the first.</summary>
    public Moment? LastAt => _state.LastAt;

    /// <summary>Gets when the last run that passed began; null if none did.</summary>
    public Moment? PassedAt => _state.PassedAt;

    /// <summary>Gets how long the newest run took; null before the first outcome.</summary>
    public TimeSpan? Duration => _state.Last?.Duration;

    /// <summary>Gets the kind of failure of the newest run, without words of anybody else's: the type of an exception with its code (<c>NpgsqlException (ConnectionRefused)</c>), <c>timeout</c>, <c>stuck</c>. Null if it passed or said no more.</summary>
    public string? Error => _state.Last?.Error;

    /// <summary>Gets what the newest run measured, as it was when the run ended; empty if nothing.</summary>
    public IReadOnlyDictionary<string, object> Data => _state.Last?.Data ?? System.Collections.ObjectModel.ReadOnlyDictionary<string, object>.Empty;

    /// <summary>Gets whether it ever passed since the process began; a run that said Degraded counts.</summary>
    public bool HasPassed => _state.HasPassed;

    /// <summary>Gets whether a run goes on after its time was over. No other is begun beside it.</summary>
    public bool IsStuck => _state.IsStuck;

    /// <summary>Gets whether nothing was heard of it for three periods and a timeout.</summary>
    public bool IsStale { get; }

    /// <summary>Gets how it stands in one word: <c>healthy</c>, <c>degraded</c>, <c>unhealthy</c>, <c>unknown</c>, <c>stale</c>.</summary>
    public string StatusName => IsStale ? "stale" : Status switch
    {
        HealthStatus.Healthy => "healthy",
        HealthStatus.Degraded => "degraded",
        HealthStatus.Unhealthy => "unhealthy",
        _ => "unknown",
    };

    /// <summary>What it counts as in a report if nothing is known of it.</summary>
    internal HealthStatus FailureStatus => _settings.FailureStatus;

    /// <summary>How soon it is run again while it does not pass.</summary>
    internal TimeSpan FailurePeriod => _settings.FailurePeriod;

    /// <summary>The newest outcome; null before the first.</summary>
    internal CheckOutcome? LastRun => _state.Last;
}
