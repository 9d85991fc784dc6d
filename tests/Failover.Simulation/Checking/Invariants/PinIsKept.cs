using Failover.Engine;

namespace Failover.Simulation.Checking.Invariants;

/// <summary>While pinned, the engine moves nothing by itself: only a request, a removal and what is read outside do.</summary>
internal sealed class PinIsKept : Invariant
{
    internal override void After(in Seen seen)
    {
        if (!Ledger.IsPriority || !seen.Before.Pinned || !Ledger.Pinned || seen.Event is SwitchRequested or MembersChanged or SwitchCompleted)
        {
            return;
        }

        if (seen.Before.Active is not null && seen.ActiveChanged)
        {
            Fail($"pinned to {seen.Before.Active}, moved to {seen.After.Active?.Name ?? "none"}");
        }

        foreach (GroupEffect effect in seen.Effects)
        {
            if (effect is Publish { Switchover: { Revision: 1, Switched: null, Cause: not (SwitchoverCause.Manual or SwitchoverCause.MemberRemoved) } wanted })
            {
                Fail($"pinned, and a {wanted.Cause} to {wanted.To} is begun");
            }
        }
    }
}
