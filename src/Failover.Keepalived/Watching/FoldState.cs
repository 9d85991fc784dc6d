namespace Failover.Keepalived.Watching;

/// <summary>What was heard of keepalived, of the address and of the peer. Immutable.</summary>
internal sealed record FoldState
{
    internal bool IsAttached { get; init; }

    internal long Attachments { get; init; }

    /// <summary>The last state that keepalived named; null if it named none since it was found.</summary>
    internal string? Word { get; init; }

    /// <summary>The last state before keepalived was found anew: a reload names none.</summary>
    internal string? FormerWord { get; init; }

    internal int? Priority { get; init; }

    internal long Lines { get; init; }

    /// <summary>Another instance that was named, while ours was not.</summary>
    internal string? OtherInstance { get; init; }

    internal string? Unreadable { get; init; }

    internal bool Owns { get; init; }

    /// <summary>Since when keepalived and the address say different things; null if they agree.</summary>
    internal TimeSpan? DiffersSince { get; init; }

    /// <summary>When keepalived was found to have gone; null if it is there, or never was.</summary>
    internal TimeSpan? EndedAt { get; init; }

    /// <summary>Whether it said before that it stops.</summary>
    internal bool HasStopped { get; init; }

    internal PeerClaim? Peer { get; init; }

    /// <summary>How many answers of the peer had been heard when this node became master; -1 while it is not.</summary>
    internal long AnswersBefore { get; init; } = -1;

    /// <summary>The first answer that said master beside us, and when it was heard.</summary>
    internal (long Answers, TimeSpan At)? FirstClash { get; init; }

    /// <summary>Since when neither is master; null if one is, or that is not known.</summary>
    internal TimeSpan? NobodySince { get; init; }

    internal bool SeesAnother { get; init; }

    internal bool IsDual { get; init; }
}
