namespace Failover.Engine;

/// <summary>What is said of a member's role, by itself and by a quorum. Immutable, and apart from the rest: most members have no role, and share <see cref="None"/>.</summary>
internal sealed record MemberProof
{
    internal static readonly MemberProof None = new();

    internal MemberRole Role { get; init; }

    /// <summary>The epoch that the member told itself.</summary>
    internal Epoch? OwnEpoch { get; init; }

    /// <summary>The epoch to which a quorum bound it.</summary>
    internal Epoch? BoundEpoch { get; init; }

    internal TimeSpan? Lag { get; init; }

    /// <summary>What the member says of itself now. Gives the very same if that is nothing new.</summary>
    internal MemberProof Said(MemberRole role, Epoch? ownEpoch, TimeSpan? lag) =>
        role == Role && ownEpoch == OwnEpoch && lag == Lag ? this : this with { Role = role, OwnEpoch = ownEpoch, Lag = lag };
}
