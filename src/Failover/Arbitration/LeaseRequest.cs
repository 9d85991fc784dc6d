namespace Failover;

/// <summary>One ask for a lease.</summary>
/// <param name="Resource">What the lease is for.</param>
/// <param name="Holder">Who asks, for people and for whoever fences: <see cref="LeaseOptions.Holder"/>.</param>
/// <param name="Attempt">What tells this ask from all others.</param>
/// <param name="Duration">How long the store shall keep the lease for its holder without hearing of it.</param>
public sealed record LeaseRequest(string Resource, string Holder, Guid Attempt, TimeSpan Duration)
{
    /// <summary>
    /// Gets whether the store may forget who held the lease before and let it run out. A store keeps one such name for each resource. <c>TakeAsync</c> returns it (<see cref="LeaseGrant.Unreleased"/>) and keeps <see cref="Holder"/> in its place;
    /// <c>RenewAsync</c> keeps <see cref="Holder"/>; <c>ReleaseAsync</c> keeps none. Where this is false, a name that is kept is left as it is by all three (but for <see cref="Holder"/> itself, which a release forgets): who must still be fenced is not
    /// forgotten although this holder gives up, or dies.
    /// </summary>
    /// <value>The default is true.</value>
    public bool Settles { get; init; } = true;
}
