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

    /// <summary>How many outcomes in a row speak for a change, all in the same direction.</summary>
    internal int Against { get; private init; }

    /// <summary>Whether it ever passed.</summary>
    internal bool HasPassed { get; private init; }

    /// <summary>When the last run that passed began: what it says is true of then.</summary>
    internal Moment? PassedAt { get; private init; }

    /// <summary>Whether a run is left behind that goes on after its time.</summary>
    internal bool IsStuck { get; init; }

    /// <summary>Whether it is well, and nothing speaks against it.</summary>
    internal bool IsCalm => Status == HealthStatus.Healthy && Last?.Status == HealthStatus.Healthy;

    /// <summary>Takes in an outcome. The first decides at once; worse ones need <see cref="CheckSettings.Fall"/> in a row if the check ever passed, better ones <see cref="CheckSettings.Rise"/>.</summary>
    internal CheckState Observe(CheckOutcome outcome, CheckSettings settings, Moment now)
    {
        bool passes = outcome.Status == HealthStatus.Healthy;
        CheckState next = this with
        {
            Last = outcome,
            LastAt = now,
            HasPassed = HasPassed || passes,
            PassedAt = passes ? outcome.Started : PassedAt,
        };

        if (Status is not { } status)
        {
            return next with { Status = outcome.Status, Since = now, Against = 0 };
        }

        if (outcome.Status == status)
        {
            return next with { Against = 0 };
        }

        // HealthStatus: the higher, the better.
        bool isWorse = outcome.Status < status;
        bool turned = Last is { } last && last.Status != status && last.Status < status != isWorse;
        int against = turned ? 1 : Against + 1;
        int needed = !isWorse ? settings.Rise : HasPassed ? settings.Fall : 1;
        return against < needed ? next with { Against = against } : next with { Status = outcome.Status, Since = now, Against = 0 };
    }

    /// <summary>Whether nothing is known of it any more.</summary>
    internal bool IsStale(CheckSettings settings, Moment now) => LastAt is { } at && now.Since(at) > settings.Staleness;
}
