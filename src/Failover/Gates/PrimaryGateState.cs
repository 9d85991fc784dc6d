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

    /// <summary>Gets why nobody here can become the primary: the arbiter cannot be asked, or a fence failed. In a few words without secrets; null if nothing is wrong. Being a standby is nothing wrong.</summary>
    public string? Problem { get; init; }

    /// <summary>Gets how many in this process wait for it, or are inside.</summary>
    public int Users { get; init; }
}
