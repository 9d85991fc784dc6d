namespace Failover.Keepalived.Watching;

/// <summary>All that was seen and heard of keepalived and of the address, and what follows from it. Immutable.</summary>
internal sealed record VrrpState
{
    /// <summary>What follows.</summary>
    internal VrrpView View { get; init; } = new();

    /// <summary>When it is to be looked at again although nothing happens; null if never.</summary>
    internal TimeSpan? NextLook { get; init; }

    /// <summary>How often the peer should have been asked at once, so far.</summary>
    internal long Asks { get; init; }

    /// <summary>Whether keepalived has the FIFO open.</summary>
    internal bool IsAttached { get; init; }

    /// <summary>Since when it has, or has not.</summary>
    internal TimeSpan AttachedSince { get; init; }

    /// <summary>Why the FIFO cannot be read; null if it can.</summary>
    internal Unreadable? Trouble { get; init; }

    /// <summary>Whether anything is known of the FIFO: else it was not tried yet.</summary>
    internal bool HasTried { get; init; }

    /// <summary>The last state that keepalived told; null if none since it was found.</summary>
    internal VrrpWord? Word { get; init; }

    /// <summary>When it told that.</summary>
    internal TimeSpan WordSince { get; init; }

    /// <summary>Whether that is of before it was found, and need not be true any more.</summary>
    internal bool IsWordOld { get; init; }

    /// <summary>Whether it said anything of the instance since it was found.</summary>
    internal bool IsNamed { get; init; }

    /// <summary>Whether it ever did.</summary>
    internal bool WasNamed { get; init; }

    /// <summary>Another instance that it named.</summary>
    internal string? OtherName { get; init; }

    /// <summary>Whether the address is here; null before the first look.</summary>
    internal bool? Owns { get; init; }

    /// <summary>Since when what keepalived says is not what is to be seen; null if it is.</summary>
    internal TimeSpan? MismatchSince { get; init; }

    /// <summary>Since when it is not known how the node stands; null if it is, or never was.</summary>
    internal TimeSpan? UnclearSince { get; init; }

    /// <summary>What the peer says; null if it is not heard.</summary>
    internal PeerWord? Peer { get; init; }

    /// <summary>How many answers of it were heard so far.</summary>
    internal long Answers { get; init; }

    /// <summary>How many had been heard when this node became master.</summary>
    internal long AnswersBefore { get; init; }

    /// <summary>Whether another holder is seen on the wire.</summary>
    internal bool SeesAnother { get; init; }

    /// <summary>Both seem to hold the address.</summary>
    internal Doubt? Both { get; init; }

    /// <summary>None seems to.</summary>
    internal Doubt? None { get; init; }
}
