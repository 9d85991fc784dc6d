using Failover.Engine;

namespace Failover.Simulation.Checking.Invariants;

/// <summary>The switcher gets its next operation only after it answered the one before; and no act again while the answer «applied» waits for its proof.</summary>
internal sealed class OneOperationAtATime : Invariant
{
    internal override void Before(in Seen seen)
    {
        int begun = 0;
        foreach (GroupEffect effect in seen.Effects)
        {
            if (effect is not Switch asked)
            {
                continue;
            }

            begun++;
            bool free = Ledger.Operation is null || (seen.Event is SwitchCompleted ended && ended.Operation == Ledger.Operation.Operation);
            if (!free || begun > 1)
            {
                Fail($"operation {asked.Operation} begins while operation {Ledger.Operation?.Operation} is under way");
            }

            if (asked.Target is not null && seen.Event is SwitchCompleted { Outcome: SwitchOutcome.Applied, ReadBack.Active: { } shown } && shown.Equals(asked.Target) && Ledger.Operation?.Target is not null)
            {
                Fail($"the switch to {asked.Target} is made again although it has just been applied");
            }
        }
    }
}
