using Failover.Engine;

namespace Failover.Simulation.Checking.Invariants;

/// <summary>
/// A group that starts takes no member as long as one before it has neither answered nor failed as often as it takes: one lost probe of a cold server does not send it to the secondary for a whole hold-down.
/// Nor does it wait any longer than that.
/// </summary>
internal sealed class StartHearsThePreferred : Invariant
{
    internal override void After(in Seen seen)
    {
        if (!Ledger.IsPriority || Ledger.Settings.HasSwitcher || ReferenceEquals(seen.Before, seen.After) || !Ledger.Starts(seen) || seen.Event is SwitchRequested)
        {
            return;
        }

        foreach (MemberState state in seen.After.Members)
        {
            MemberLedger member = Ledger.Find(state.Member)!;
            if (state.Member.Equals(seen.After.Active) || member.Standing == Standing.Unsure)
            {
                return;
            }

            if (member.Standing == Standing.Healthy && seen.After.Condition == GroupCondition.Starting && member.DrainedUntil is null)
            {
                Fail($"{member.Member} is healthy, all before it are down, and the group still waits");
            }

            if (member.Standing is Standing.Unknown or Standing.Suspect)
            {
                if (seen.After.Active is { } taken)
                {
                    Fail($"{taken} is taken, and {member.Member}, which is preferred, has neither answered nor failed {Ledger.Settings.Fall} times");
                }

                return;
            }
        }
    }
}
