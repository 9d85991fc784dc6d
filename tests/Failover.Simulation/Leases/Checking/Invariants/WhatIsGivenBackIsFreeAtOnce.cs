namespace Failover.Simulation.Leases.Checking.Invariants;

/// <summary>From the instant at which the store is told that a lease is given back, it keeps it no longer: the next that asks gets it.</summary>
internal sealed class WhatIsGivenBackIsFreeAtOnce : LeaseInvariant
{
    internal override void Released(Guid attempt)
    {
        Judge();
        if (World.Store.KeptFor is { } kept)
        {
            Fail($"the lease of host-{Ledger.Find(attempt)?.To.Index} is given back, and the store keeps it for host-{Ledger.Find(kept)?.To.Index}");
        }
    }
}
