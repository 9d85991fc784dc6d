namespace Failover.Keepalived.Gates;

/// <summary>Says whether this node holds the virtual address. Reading it takes no lock: who is told of a change may hold one.</summary>
internal interface IAddressSource
{
    /// <summary>Gets whether this node holds the address now. Asked right before each act of who is inside, too.</summary>
    bool IsHeld { get; }

    /// <summary>Gets who holds it, as far as is known here.</summary>
    string? Holder { get; }

    /// <summary>Gets what keeps anybody from knowing who holds it, or both from being one too many: in a few words for people; null if nothing is wrong.</summary>
    string? Problem { get; }

    /// <summary>Raised after each change of <see cref="IsHeld"/> with what it became, in order, one at a time. What it is by then does not matter: a loss that is over when it is told is a loss to who is inside.</summary>
    event Action<bool>? Changed;
}
