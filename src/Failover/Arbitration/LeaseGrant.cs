namespace Failover;

/// <summary>A lease that a store has granted, or renewed.</summary>
/// <param name="Epoch">The arbiter's lineage, and the fencing token. The same for as long as the lease is held.</param>
/// <param name="Duration">How long the store keeps it without hearing of its holder, counted from when the store got the request: no less than that.</param>
public sealed record LeaseGrant(Epoch Epoch, TimeSpan Duration)
{
    /// <summary>Gets who held the lease before and has not given it back: it ran out. Null if it was given back, or nobody held it before.</summary>
    public string? Unreleased { get; init; }
}
