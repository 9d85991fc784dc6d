using Failover.Detection;
using Failover.Election;

namespace Failover.Engine;

/// <summary>How a group finds its active member.</summary>
internal enum ElectorKind
{
    /// <summary>The best healthy member in the order of the list.</summary>
    Priority,

    /// <summary>The member that proves to be primary.</summary>
    Role,
}

/// <summary>What the fold goes by: a group's options and abilities as values. Swapped whole by <see cref="OptionsChanged"/>.</summary>
internal sealed record GroupSettings
{
    internal string Group { get; init; } = "group";

    internal ElectorKind Elector { get; init; }

    /// <summary>Whether there is a switcher that makes the desired member true outside, and reads what is true there.</summary>
    internal bool HasSwitcher { get; init; }

    /// <summary>Whether a lease is needed before the switcher may act.</summary>
    internal bool NeedsLease { get; init; }

    /// <summary>How long it may take until callers see what the switcher did; null where they see it at once, or it cannot be seen from here.</summary>
    internal TimeSpan? VisibleWithin { get; init; }

    internal int Fall { get; init; } = 3;

    internal int Rise { get; init; } = 3;

    internal TimeSpan ProbeInterval { get; init; } = TimeSpan.FromSeconds(5);

    internal TimeSpan TransitionInterval { get; init; } = TimeSpan.FromSeconds(1);

    internal TimeSpan DownInterval { get; init; } = TimeSpan.FromSeconds(10);

    internal TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(1);

    internal int FailuresInARow { get; init; } = 3;

    internal double FailureRate { get; init; } = 0.5;

    internal int FailureRateMinimum { get; init; } = 20;

    internal TimeSpan FailureWindow { get; init; } = TimeSpan.FromSeconds(10);

    internal HangAges HangAges { get; init; } = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(10));

    internal TimeSpan ConfirmTimeout { get; init; } = TimeSpan.FromMilliseconds(500);

    internal int HangCalls { get; init; } = 3;

    internal SwitchbackMode SwitchbackMode { get; init; }

    internal TimeSpan HoldDown { get; init; } = TimeSpan.FromSeconds(30);

    internal TimeSpan MaxHoldDown { get; init; } = TimeSpan.FromMinutes(10);

    internal TimeSpan Calm { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A lineage somebody asked to trust, obeyed once: <see cref="EpochBook.Asked"/>.</summary>
    internal string? TrustLineage { get; init; }

    internal TimeSpan? WhenOldSilentFor { get; init; }

    internal TimeSpan OverlapTolerance { get; init; } = TimeSpan.FromSeconds(10);

    internal TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(30);

    internal TimeSpan MaxSwitchTime { get; init; } = TimeSpan.FromSeconds(60);

    internal TimeSpan MaxReadLag { get; init; } = TimeSpan.FromSeconds(30);

    internal TimeSpan SwitcherReadInterval { get; init; } = TimeSpan.FromSeconds(30);
}
