namespace Failover.Simulation.Checking.Invariants;

/// <summary>A member at a lower epoch than the highest that was told of its lineage is never active.</summary>
internal sealed class LowerEpochNeverActive : Invariant
{
    internal override void After(in Seen seen)
    {
        if (Ledger.IsPriority || Ledger.Find(seen.After.Active) is not { Epoch: { } epoch } active)
        {
            return;
        }

        long highest = Ledger.HighestOf(epoch.Lineage);
        if (epoch.Number < highest)
        {
            Fail($"{active.Member} is active at {epoch}; {epoch.Lineage}/{highest} has been told");
        }
    }
}
