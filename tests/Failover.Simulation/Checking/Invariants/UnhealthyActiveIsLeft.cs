using Failover.Engine;

namespace Failover.Simulation.Checking.Invariants;

/// <summary>
/// An active member that has failed as often as its thresholds ask is left: at once where the engine decides alone and another is healthy, or where members prove their role.
/// The world checks besides that it is left in time, however the engine probes; see <c>Promises</c>.
/// </summary>
internal sealed class UnhealthyActiveIsLeft : Invariant
{
    internal override void After(in Seen seen)
    {
        if (Ledger.Settings.HasSwitcher && Ledger.IsPriority)
        {
            return;
        }

        if (Ledger.Find(seen.After.Active) is not { Standing: Standing.Down } down)
        {
            return;
        }

        if (seen.After.Condition == GroupCondition.Settled)
        {
            Fail($"settled on {down.Member}, which has failed as often as its thresholds ask, and not recovered");
        }

        if (!Ledger.IsPriority)
        {
            Fail($"{down.Member} has failed as often as its thresholds ask and is still active");
        }

        foreach (MemberLedger other in Ledger.Members)
        {
            if (!Ledger.Pinned && other.Standing == Standing.Healthy)
            {
                Fail($"{down.Member} has failed as often as its thresholds ask and is still active; {other.Member} is healthy");
            }
        }
    }
}
