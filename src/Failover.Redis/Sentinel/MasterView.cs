using System.Collections.Immutable;
using Failover.Redis.Sets;

namespace Failover.Redis.Sentinel;

/// <summary>What the sentinels say by now. Immutable.</summary>
internal sealed record MasterView
{
    internal static readonly MasterView Nothing = new();

    /// <summary>Gets the member that most of the sentinels name; null as long as they have named none. It stands when they fall silent.</summary>
    internal FailoverMember? Master { get; init; }

    /// <summary>Gets the epoch to which they bind it.</summary>
    internal Epoch? Epoch { get; init; }

    /// <summary>Gets the member that is taken for the master before most of the sentinels name it: <see cref="RedisPromotion.Fast"/>. Null if there is none.</summary>
    internal FailoverMember? Pinned { get; init; }

    /// <summary>Gets how many sentinels there are.</summary>
    internal int Known { get; init; }

    /// <summary>Gets how many of them have said something lately.</summary>
    internal int Heard { get; init; }

    /// <summary>Gets how many of them say what <see cref="Master"/> and <see cref="Epoch"/> do.</summary>
    internal int Agreeing { get; init; }

    /// <summary>Gets whether more than half of them have said something lately: else no failover can be followed.</summary>
    internal bool HasMajority => SentinelVotes.IsMost(Heard, Known);

    /// <summary>Gets what most of them say and what is not taken: at an epoch that is not above the present one. Null if it is not so.</summary>
    internal Binding? Refused { get; init; }

    /// <summary>Gets why nodes that most of them know are no members; null if all are.</summary>
    internal string? NodesRefused { get; init; }

    /// <summary>Gets the sentinels, each with what it said last.</summary>
    internal ImmutableArray<SentinelState> Sentinels { get; init; } = [];

    /// <summary>Gets how long the master may be silent, as most of the sentinels that were heard have it at least: <c>down-after-milliseconds</c>. Null if none was heard.</summary>
    internal TimeSpan? DownAfter { get; init; }

    /// <summary>Gets how long a step of a failover may take, likewise.</summary>
    internal TimeSpan? FailoverTimeout { get; init; }
}

/// <summary>How one sentinel stands.</summary>
/// <param name="Address">Where it is from here.</param>
/// <param name="IsConfigured">Whether the settings name it; else most of the sentinels do.</param>
/// <param name="Word">What it said last; null if it never did.</param>
/// <param name="Silence">Why it does not answer; null if it does.</param>
/// <param name="Deafness">Why its messages cannot be heard; null if they can.</param>
internal sealed record SentinelState(HostAndPort Address, bool IsConfigured, SentinelWord? Word, string? Silence, string? Deafness);
