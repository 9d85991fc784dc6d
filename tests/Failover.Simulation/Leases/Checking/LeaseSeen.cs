using System.Collections.Immutable;
using Failover.Leases;
using Failover.Simulation.Leases.Hosts;

namespace Failover.Simulation.Leases.Checking;

/// <summary>One step of the fold of one lease, from outside.</summary>
internal readonly record struct LeaseSeen(LeaseHost Host, SimRun Lease, LeaseEvent Event, Moment Now, LeaseState Before, LeaseState After, ImmutableArray<LeaseEffect> Effects)
{
    internal bool Tells<T>()
        where T : LeaseEffect
    {
        foreach (LeaseEffect effect in Effects)
        {
            if (effect is T)
            {
                return true;
            }
        }

        return false;
    }

    internal int Count<T>()
        where T : LeaseEffect
    {
        int count = 0;
        foreach (LeaseEffect effect in Effects)
        {
            count += effect is T ? 1 : 0;
        }

        return count;
    }
}
