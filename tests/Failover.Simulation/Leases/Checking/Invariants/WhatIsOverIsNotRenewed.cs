using Failover.Simulation.Leases.Hosts;

namespace Failover.Simulation.Leases.Checking.Invariants;

/// <summary>A store renews only what it keeps: what was given back, or granted to another since, is not renewed, and nothing is taken anew in its place.</summary>
internal sealed class WhatIsOverIsNotRenewed : LeaseInvariant
{
    internal override void Granted(LeaseHost to, Guid attempt, Epoch epoch)
    {
        if (Ledger.Find(attempt) is { } made)
        {
            Fail($"host-{to.Index} is granted {epoch} for what it was granted {made.Epoch} for");
        }
    }

    internal override void Renewed(Guid attempt, LeaseGrant? grant)
    {
        Judge();
        if (grant is not null && Ledger.Find(attempt) is var made && (made is null || made.IsGone || made.Epoch != grant.Epoch))
        {
            Fail($"a renewal is answered with {grant.Epoch}, though {made?.Epoch} was granted{(made is { IsGone: true } ? ", and is gone" : "")}");
        }
    }
}
