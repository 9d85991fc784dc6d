namespace Failover.Election;

/// <summary>What an elector may know of a member.</summary>
internal interface ICandidate
{
    Verdict Verdict { get; }

    MemberRole Role { get; }

    Epoch? Epoch { get; }

    bool IsDrained { get; }

    TimeSpan HealthySince { get; }

    /// <summary>When it last answered well.</summary>
    TimeSpan SeenGood { get; }
}
