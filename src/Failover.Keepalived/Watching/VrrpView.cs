using Failover.Keepalived.Sites;

namespace Failover.Keepalived.Watching;

/// <summary>What is known of keepalived on this node, and of the address, at one instant. Immutable.</summary>
internal sealed record VrrpView
{
    /// <summary>Gets how the node stands.</summary>
    internal VrrpStanding Standing { get; init; }

    /// <summary>Gets whether it was known how the node stands, and has not been for a while: worth a word. While a word of keepalived and the address come one after the other it is not known for some milliseconds.</summary>
    internal bool IsUnclear { get; init; }

    /// <summary>Gets its role by its own keepalived, reconciled with whether the address is here.</summary>
    internal VrrpRole Role { get; init; }

    /// <summary>Gets whether keepalived has the FIFO open now.</summary>
    internal bool IsAttached { get; init; }

    /// <summary>Gets how often keepalived was found anew: started, reloaded, or found at our start. After each the credit is to be published again.</summary>
    internal long Attachments { get; init; }

    /// <summary>Gets whether the address is on an interface of this node.</summary>
    internal bool OwnsAddress { get; init; }

    /// <summary>Gets the effective priority that keepalived told last since it was found; null if none.</summary>
    internal int? Priority { get; init; }

    /// <summary>Gets how many lines about the instance were read. A priority that was told after a write is its acknowledgement.</summary>
    internal long Lines { get; init; }

    /// <summary>Gets whether keepalived itself says FAULT.</summary>
    internal bool IsFault { get; init; }

    /// <summary>Gets whether what keepalived said last is not to be seen: it is to be asked anew.</summary>
    internal bool IsDoubted { get; init; }

    /// <summary>Gets what the peer claims; null if it is not heard.</summary>
    internal VrrpClaim? PeerClaim { get; init; }

    /// <summary>Gets the role that the peer claims; null if that is not known: it is not heard, or was last heard before this node became master.</summary>
    internal VrrpRole? PeerRole { get; init; }

    /// <summary>Gets the credit that the peer claims; null if it is not heard.</summary>
    internal Credit? PeerCredit { get; init; }

    /// <summary>Gets whether the peer could serve, as its health says; false if it is not heard.</summary>
    internal bool PeerCanServe { get; init; }

    /// <summary>Gets what is wrong, in a few words for people; null if nothing is.</summary>
    internal string? Problem { get; init; }
}
