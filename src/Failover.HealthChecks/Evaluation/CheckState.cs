using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.HealthChecks.Evaluation;

/// <summary>What is known of one check: the outcomes so far, folded. Holds no timer and no task.</summary>
internal sealed record CheckState
{
    internal static readonly CheckState Unknown = new();

    /// <summary>What the check counts as; null before the first outcome.</summary>
    internal HealthStatus? Status { get; private init; }

    /// <summary>Since when it counts as that.</summary>
    internal Moment? Since { get; private init; }

    /// <summary>The newest outcome.</summary>
    internal CheckOutcome? Last { get; private init; }

    /// <summary>When that came.</summary>
    internal Moment? LastAt { get; private init; }

    /// <summary>Whether it ever passed, be it degraded.</summary>
    internal bool HasPassed { get; private init; }

    /// <summary>When the last run that passed began: what it says is true of then.</summary>
    internal Moment? PassedAt { get; private init; }

    /// <summary>Whether a run is left behind that goes on after its time.</summary>
    internal bool IsStuck { get; init; }

    /// <summary>Whether it is well, and nothing speaks against it.</summary>
    internal bool IsCalm => Status == HealthStatus.Healthy && Last?.Status == HealthStatus.Healthy;

    /// <summary>How many outcomes in a row agree with the newest on whether the check is healthy.</summary>
    private int AlikeOnHealthy { get; init; }

    /// <summary>How many outcomes in a row agree with the newest on whether the check is unhealthy.</summary>
    private int AlikeOnUnhealthy { get; init; }

    /// <summary>From when its silence counts: the newest outcome, or a later change of settings that allows less of it.</summary>
    private TimeSpan? SilentFrom { get; init; }

    private bool WasHealthy { get; init; }

    /// <summary>Takes in an outcome. The first decides at once; so does every worse one of a check that was never healthy.</summary>
    internal CheckState Observe(CheckOutcome outcome, CheckSettings settings, Moment now)
    {
        CheckState next = this with
        {
            Last = outcome,
            LastAt = now,
            SilentFrom = now.Elapsed,
            // Degraded is a warning: a certificate that ends in a fortnight must keep no node from starting.
            HasPassed = HasPassed || outcome.Status != HealthStatus.Unhealthy,
            WasHealthy = WasHealthy || outcome.Status == HealthStatus.Healthy,
            PassedAt = outcome.Status == HealthStatus.Healthy ? outcome.Started : PassedAt,
            AlikeOnHealthy = Alike(HealthStatus.Healthy) ? AlikeOnHealthy + 1 : 1,
            AlikeOnUnhealthy = Alike(HealthStatus.Unhealthy) ? AlikeOnUnhealthy + 1 : 1,
        };
        HealthStatus status = next.Decide(outcome.Status, WasHealthy ? settings.Fall : 1, settings.Rise);
        return status == Status ? next : next with { Status = status, Since = now };

        bool Alike(HealthStatus one) => Last is not null && Last.Status == one == (outcome.Status == one);
    }

    /// <summary>Takes in a change of settings: where they allow less silence than before, it begins to count now.</summary>
    internal CheckState Reconfigure(CheckSettings before, CheckSettings after, Moment now) =>
        SilentFrom is not null && after.Staleness < before.Staleness && !IsStale(before, now) ? this with { SilentFrom = now.Elapsed } : this;

    /// <summary>Until when it is known, if nothing more is heard; null if nothing ever was.</summary>
    internal TimeSpan? KnownUntil(CheckSettings settings) => SilentFrom + settings.Staleness;

    /// <summary>Whether nothing is known of it any more.</summary>
    internal bool IsStale(CheckSettings settings, Moment now) => KnownUntil(settings) < now.Elapsed;

    /// <summary>A status is taken when as many outcomes in a row as it needs were no better, or no worse, than it: one unhealthy run after a degraded one makes a healthy check degraded, not unhealthy.</summary>
    private HealthStatus Decide(HealthStatus last, int fall, int rise) => Status switch
    {
        null => last,
        _ when last == HealthStatus.Unhealthy && AlikeOnUnhealthy >= fall => HealthStatus.Unhealthy,
        HealthStatus.Healthy when last != HealthStatus.Healthy && AlikeOnHealthy >= fall => HealthStatus.Degraded,
        _ when last == HealthStatus.Healthy && AlikeOnHealthy >= rise => HealthStatus.Healthy,
        HealthStatus.Unhealthy when last != HealthStatus.Unhealthy && AlikeOnUnhealthy >= rise => HealthStatus.Degraded,
        { } status => status,
    };
}
