using System.Diagnostics.CodeAnalysis;

namespace Failover;

/// <summary>What a peer said last. Immutable.</summary>
/// <param name="Node">The name of the peer.</param>
/// <param name="IsFresh">Whether it counts still: it was heard within the last three times that it should have been asked.</param>
/// <param name="CanServe">Whether it could serve.</param>
/// <param name="Value">What it claims; null if it claims nothing of that name.</param>
/// <param name="Answers">How many answers of it were heard so far: an event here is newer than all that was heard until then.</param>
[Experimental("FAILOVER001")]
public sealed record PeerClaim(string Node, bool IsFresh, bool CanServe, string? Value, long Answers);
