namespace Failover.Keepalived.Publishing;

/// <summary>What this node tells keepalived, and what it has to remember for that. Immutable.</summary>
internal sealed record ConductState
{
    /// <summary>The credit.</summary>
    internal Credit Credit { get; init; } = Credit.Unproven;

    /// <summary>Why, in a few words.</summary>
    internal string Reason { get; init; } = "not started yet";

    /// <summary>Whether it leaves the address to the peer although it is fit.</summary>
    internal Holding Holding { get; init; }

    /// <summary>Since when it has been fit and waits for the end of the hold-down; null where it waits until somebody asks.</summary>
    internal TimeSpan? WaitsSince { get; init; }

    /// <summary>Since when nothing is known of its health but that it was fit; null if it is.</summary>
    internal TimeSpan? StaleSince { get; init; }

    /// <summary>Whether it was fit at the last look.</summary>
    internal bool WasFit { get; init; }

    /// <summary>Whether it held the address when its keepalived last took part.</summary>
    internal bool WasMaster { get; init; }

    /// <summary>Whether it has once been fit, and known how the peer stands or waited long enough for that.</summary>
    internal bool HasBegun { get; init; }

    /// <summary>Until when it waits to hear the peer: for the first time, or whether it is to keep the address. Null if it never did.</summary>
    internal TimeSpan? HearsUntil { get; init; }

    /// <summary>Until when it has yielded to the peer; null if it has not.</summary>
    internal TimeSpan? YieldsUntil { get; init; }

    /// <summary>When it is to be looked at again although nothing happens; null if never.</summary>
    internal TimeSpan? NextLook { get; init; }
}
