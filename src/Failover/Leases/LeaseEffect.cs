namespace Failover.Leases;

/// <summary>What is to be done.</summary>
internal abstract record LeaseEffect;

/// <summary>Ask the store for the lease.</summary>
internal sealed record Take(int Operation) : LeaseEffect;

/// <summary>Ask the store to renew it.</summary>
internal sealed record Renew(int Operation) : LeaseEffect;

/// <summary>Give back to the store whatever it may have given: as soon as nobody acts under it any more.</summary>
internal sealed record Release : LeaseEffect;

/// <summary>The lease is held.</summary>
internal sealed record TellGranted(LeaseGrant Grant) : LeaseEffect;

/// <summary>The lease was not granted. Without an answer, why not.</summary>
internal sealed record TellNotGranted(LeaseAnswer? Answer, string? Evidence) : LeaseEffect;

/// <summary>The lease is held no longer, and why. Null if its holder gave it back.</summary>
internal sealed record TellOver(string? Evidence) : LeaseEffect;

/// <summary>A renewal has failed; the lease is held on.</summary>
internal sealed record TellNotRenewed(string Evidence) : LeaseEffect;
