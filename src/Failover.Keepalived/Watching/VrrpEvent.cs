using System.Collections.Immutable;
using Failover.Keepalived.Sites;

namespace Failover.Keepalived.Watching;

/// <summary>Something that was seen or heard.</summary>
internal abstract record VrrpEvent;

/// <summary>keepalived has the FIFO open, and had it not at the look before.</summary>
internal sealed record Attached : VrrpEvent;

/// <summary>keepalived has written.</summary>
/// <param name="Lines">Its lines, in order.</param>
/// <param name="AreOld">Whether they had waited, and some may be lost: they need not be true any more.</param>
internal sealed record Told(ImmutableArray<FifoLine> Lines, bool AreOld) : VrrpEvent;

/// <summary>The FIFO is there, and nobody writes to it.</summary>
internal sealed record Detached : VrrpEvent;

/// <summary>The FIFO cannot be read.</summary>
/// <param name="Why">Why, in words for people.</param>
/// <param name="IsMissing">Whether it is not there; else something is in its place, or may not be read.</param>
internal sealed record Unreadable(string Why, bool IsMissing) : VrrpEvent;

/// <summary>It was looked whether the address is on an interface of this node.</summary>
internal sealed record OwnershipSeen(bool Owns) : VrrpEvent;

/// <summary>The peer was heard, or is not heard any more.</summary>
/// <param name="Peer">What it says; null if it is not heard.</param>
internal sealed record PeerHeard(PeerWord? Peer) : VrrpEvent;

/// <summary>It was looked on the wire whether another node holds the address.</summary>
internal sealed record ForeignSeen(bool SeesAnother) : VrrpEvent;

/// <summary>Time has passed.</summary>
internal sealed record Ticked : VrrpEvent;

/// <summary>What the peer says.</summary>
/// <param name="Claim">What it claims of the address; null if nothing.</param>
/// <param name="CanServe">Whether it could serve.</param>
/// <param name="Answers">How many answers of it were heard so far.</param>
internal sealed record PeerWord(VrrpClaim? Claim, bool CanServe, long Answers);
