using System.Collections.ObjectModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.HealthChecks.Evaluation;

/// <summary>What a run of a check came to.</summary>
/// <param name="Status">What the check says.</param>
/// <param name="Duration">How long it took.</param>
internal sealed record CheckOutcome(HealthStatus Status, TimeSpan Duration)
{
    /// <summary>When the run began; null for one that was not begun.</summary>
    internal Moment? Started { get; init; }

    /// <summary>What kind of failure, without a secret: the type of an exception with its code, <c>timeout</c>, <c>stuck</c>. Null if it is none, or the check said no more.</summary>
    internal string? Error { get; init; }

    /// <summary>What the check measured, as it was when the run ended.</summary>
    internal IReadOnlyDictionary<string, object> Data { get; init; } = ReadOnlyDictionary<string, object>.Empty;

    /// <summary>What the check said in words. For the log alone: it may quote a secret.</summary>
    internal string? Words { get; init; }

    /// <summary>Where it threw. For the log alone.</summary>
    internal Exception? Exception { get; init; }
}
