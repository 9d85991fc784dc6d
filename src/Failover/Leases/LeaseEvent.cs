namespace Failover.Leases;

/// <summary>What happens to a lease.</summary>
internal abstract record LeaseEvent;

/// <summary>Somebody wants it.</summary>
internal sealed record Asked : LeaseEvent;

/// <summary>The store has answered to who asked for it.</summary>
internal sealed record TakeAnswered(int Operation, LeaseAnswer Answer) : LeaseEvent;

/// <summary>The store has answered to a renewal; without a grant the lease is over.</summary>
internal sealed record RenewalAnswered(int Operation, LeaseGrant? Grant) : LeaseEvent;

/// <summary>The store has not answered: whether it did what it was asked for is not known.</summary>
internal sealed record CallFailed(int Operation, string Evidence) : LeaseEvent;

/// <summary>Its holder wants it no more, or nobody waits for it any longer. With <paramref name="Why"/>, it ends although somebody may still act under it.</summary>
internal sealed record GivenBack(string? Why = null) : LeaseEvent;

/// <summary>Time has passed.</summary>
internal sealed record TimePassed : LeaseEvent;
