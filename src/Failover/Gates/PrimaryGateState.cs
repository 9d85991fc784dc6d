namespace Failover;

/// <summary>How a gate stands. Immutable.</summary>
public sealed record PrimaryGateState
{
    /// <summary>Gets whether this process is the primary.</summary>
    public bool IsPrimary { get; init; }

    /// <summary>Gets the fencing token while this process is the primary; null else, and where there is none.</summary>
    public long? Token { get; init; }

    /// <summary>Gets who is the primary, as it was last heard; null if that is not known, or nobody here wants to pass.</summary>
    public string? Holder { get; init; }

    /// <summary>
    /// Gets what keeps the work from being done here: the arbiter cannot be asked, a fence failed, or what <c>AddPrimaryService</c> runs failed, or does not stop. In a few words without secrets; null if nothing is wrong. Being a standby is
    /// nothing wrong.
    /// </summary>
    public string? Problem { get; init; }

    /// <summary>Gets whether the arbiter has answered since somebody here wants to pass. True where there is none to be asked.</summary>
    public bool HasAnswer { get; init; }

    /// <summary>Gets how many in this process wait for it, or are inside.</summary>
    public int Users { get; init; }
}
