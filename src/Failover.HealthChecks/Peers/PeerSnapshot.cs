using System.Collections.Immutable;
using Failover.HealthChecks.Peers;

namespace Failover.HealthChecks;

/// <summary>What was last heard of one peer. Immutable.</summary>
public sealed class PeerSnapshot
{
    internal PeerSnapshot(string address) => Address = address;

    /// <summary>Gets the address at which it is asked.</summary>
    public string Address { get; }

    /// <summary>Gets what came of asking it last: <c>heard</c>, or why there is no evidence of it, in words of ours. Null before the first answer.</summary>
    public string? Outcome { get; internal init; }

    /// <summary>Gets the name of the node; null if none was ever heard.</summary>
    public string? Node => Message?.Node;

    /// <summary>Gets until when its last good answer counts, on the clock of <see cref="HealthSnapshot.At"/>; null if there was none. What is older says nothing of the peer as it is now.</summary>
    public TimeSpan? FreshUntil { get; internal init; }

    /// <summary>Gets whether it was fully operational; null if that was never heard.</summary>
    public bool? Operational => Message?.Operational;

    /// <summary>Gets whether it could serve; null if that was never heard.</summary>
    public bool? CanServe => Message?.CanServe;

    /// <summary>Gets which revision it has; null if it did not say.</summary>
    public string? Revision => Message?.Revision;

    /// <summary>Gets how far its clock was ahead of this node's, at least: negative if behind, zero if the time that the answer took explains the difference. Null if it was never heard.</summary>
    public TimeSpan? ClockSkew { get; internal init; }

    /// <summary>Gets how its failover groups stood; empty if that was never heard.</summary>
    public ImmutableArray<PeerGroup> Groups => Message is null ? [] : [.. Message.Groups];

    internal PeerMessage? Message { get; init; }

    /// <summary>Gets how many answers of the node were heard until this one, at whatever address.</summary>
    internal long Answers { get; init; }

    internal ImmutableDictionary<string, PeerProof> Proofs { get; init; } = PeerProof.None;

    internal PeerSnapshot NotFreshAfter(TimeSpan until) => FreshUntil <= until || FreshUntil is null
        ? this
        : new(Address) { Outcome = Outcome, FreshUntil = until, ClockSkew = ClockSkew, Message = Message, Answers = Answers, Proofs = Proofs };

    internal bool IsFresh(TimeSpan now) => FreshUntil >= now;
}
