using System.Collections.Immutable;
using Failover.Engine;
using Microsoft.Extensions.Logging;

namespace Failover.Groups;

/// <summary>What a group is made of, besides its members and settings. Does not change while it lives.</summary>
internal sealed class GroupParts
{
    internal required string Name { get; init; }

    internal required string Kind { get; init; }

    internal required IMemberProbe Probe { get; init; }

    internal ElectorKind Elector { get; init; }

    internal ISwitcher? Switcher { get; init; }

    internal IArbiter? Arbiter { get; init; }

    /// <summary>What must have succeeded before a member takes over from one that failed.</summary>
    internal IFence? Fence { get; init; }

    internal ImmutableArray<IHintSource> HintSources { get; init; } = [];

    internal ImmutableArray<IPoolMover> PoolMovers { get; init; } = [];

    internal ImmutableArray<IFitnessPublisher> FitnessPublishers { get; init; } = [];

    /// <summary>Why the group cannot be switched from here; null if it can.</summary>
    internal string? CannotSwitch { get; init; }

    /// <summary>What must hold for its members when it begins.</summary>
    internal MemberRules MemberRules { get; init; } = new([], AllowsInsecure: false);

    internal required TimeProvider Time { get; init; }

    internal required ILogger Logger { get; init; }

    internal required Telemetry Telemetry { get; init; }

    internal string? EpochPath { get; init; }

    /// <summary>Whether the group only probes and tells, as most do: then nothing is made for the rest.</summary>
    internal bool IsPlain => Switcher is null && Arbiter is null && EpochPath is null && HintSources.IsEmpty && PoolMovers.IsEmpty && FitnessPublishers.IsEmpty;
}
