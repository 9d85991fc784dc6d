using Failover.Keepalived.Sites;

namespace Failover.Keepalived.Publishing;

/// <summary>What the credit is decided by. Immutable.</summary>
internal sealed record ConductFacts
{
    /// <summary>Whether every critical check of this node has passed once.</summary>
    internal bool IsStarted { get; init; }

    /// <summary>Whether traffic should be sent to this node, by its health.</summary>
    internal bool CanServe { get; init; }

    /// <summary>Whether it cannot serve for nothing but checks that have not come to run for too long.</summary>
    internal bool IsStale { get; init; }

    /// <summary>Whether it is on its way out, in peace.</summary>
    internal bool IsDraining { get; init; }

    /// <summary>Whether the app has ended its work.</summary>
    internal bool HasEnded { get; init; }

    /// <summary>Why it cannot serve, in a few words.</summary>
    internal string? Why { get; init; }

    /// <summary>The role of this node.</summary>
    internal VrrpRole Role { get; init; }

    /// <summary>The role that the peer claims; null if that is not known.</summary>
    internal VrrpRole? PeerRole { get; init; }

    /// <summary>The credit that the peer claims; null if it is not heard.</summary>
    internal Credit? PeerCredit { get; init; }

    /// <summary>Whether the peer could serve, as its health says.</summary>
    internal bool PeerCanServe { get; init; }

    /// <summary>Whether both hold the address, and the witness says that the peer is to keep it.</summary>
    internal bool IsToYield { get; init; }

    /// <summary>Whether the peer, provably, could have the address: it is fit, and its keepalived takes part.</summary>
    internal bool IsPeerGood => PeerCanServe && PeerCredit is (Credit.Ready or Credit.Hold) && PeerRole is (VrrpRole.Backup or VrrpRole.Master);
}
