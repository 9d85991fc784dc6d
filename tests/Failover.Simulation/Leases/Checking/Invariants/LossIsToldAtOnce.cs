using Failover.Leases;

namespace Failover.Simulation.Leases.Checking.Invariants;

/// <summary>
/// A holder is told that its lease is over at the first event after which it may not act any more, whatever event that is; and a timer wakes it for that when its time runs out, without any network. As a timer stands still while the machine sleeps, it
/// is woken at least ten times in a lease's duration, and told then.
/// </summary>
internal sealed class LossIsToldAtOnce : LeaseInvariant
{
    internal override void Folded(in LeaseSeen seen)
    {
        bool told = seen.Tells<TellOver>();
        bool ended = seen.Before.Phase == LeasePhase.Held && seen.After.Phase == LeasePhase.Over;
        if (told != ended)
        {
            Fail($"host-{seen.Host.Index}: the lease goes from {seen.Before.Phase} to {seen.After.Phase}, and its loss is {(told ? "" : "not ")}told");
        }

        if (seen.After.Phase != LeasePhase.Held)
        {
            return;
        }

        Judge();
        if (!World.Rules.MayAct(seen.After, seen.Now))
        {
            Fail($"host-{seen.Host.Index} may not act any more, and is not told that the lease is over");
        }

        if (World.Rules.NextWake(seen.After, seen.Now) is not { } wake)
        {
            Fail($"host-{seen.Host.Index} holds the lease, and no timer will tell it when its time runs out");
            return;
        }

        TimeSpan until = seen.After.ValidUntil.Elapsed;
        TimeSpan look = seen.Now.Elapsed + (World.Scenario.Settings.Duration / 10);
        if (wake > until || wake > look)
        {
            Fail($"host-{seen.Host.Index} is woken at {wake} of its clock; its time runs out at {until}, and it looks at the wall clock by {look}");
        }
    }
}
