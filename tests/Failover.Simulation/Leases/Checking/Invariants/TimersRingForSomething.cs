using Failover.Leases;

namespace Failover.Simulation.Leases.Checking.Invariants;

/// <summary>When its timer has rung, the next is later: a lease never has itself woken again and again at one instant.</summary>
internal sealed class TimersRingForSomething : LeaseInvariant
{
    internal override void Folded(in LeaseSeen seen)
    {
        if (seen.Event is not TimePassed)
        {
            return;
        }

        Judge();
        if (World.Rules.NextWake(seen.After, seen.Now) is { } wake && wake <= seen.Now.Elapsed)
        {
            Fail($"host-{seen.Host.Index} is woken at {seen.Now.Elapsed} of its clock, and wants to be woken at {wake}");
        }
    }
}
