using Failover.Leases;

namespace Failover.Simulation.Leases.Checking.Invariants;

/// <summary>Whenever a lease ends, or an ask of which nothing is known, the store is told once to give it back: else it would keep it for nobody. Only where it has said that another holds it there is nothing to give back.</summary>
internal sealed class WhatMayBeOursIsGivenBack : LeaseInvariant
{
    internal override void Folded(in LeaseSeen seen)
    {
        int releases = seen.Count<Release>();
        bool ended = seen.Before.Phase != LeasePhase.Over && seen.After.Phase == LeasePhase.Over;
        bool refused = seen.Event is TakeAnswered { Answer.Grant: null };
        int wanted = ended && !refused ? 1 : 0;
        if (ended)
        {
            Judge();
        }

        if (releases != wanted)
        {
            Fail($"host-{seen.Host.Index}: {seen.Event} takes the lease from {seen.Before.Phase} to {seen.After.Phase}, and gives it back {releases} times");
        }
    }
}
