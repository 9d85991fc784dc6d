using Failover.Engine;

namespace Failover.Simulation.Checking.Invariants;

/// <summary>After each step the engine will be woken: later than now, and told so; never is right only while an answer is on its way for every member.</summary>
internal sealed class WakeIsAhead : Invariant
{
    internal override void After(in Seen seen)
    {
        if (ReferenceEquals(seen.Before, seen.After))
        {
            return;
        }

        TimeSpan wake = seen.After.WakeAt;
        if (wake <= seen.Elapsed)
        {
            Fail($"the next wake is at {wake}");
        }

        if (wake == TimeSpan.MaxValue)
        {
            foreach (MemberLedger member in Ledger.Members)
            {
                if (member.Asked is not { LeftBehind: false })
                {
                    Fail($"there is no next wake, and {member.Member} waits for its next probe");
                }
            }
        }
        else if (wake != seen.Before.WakeAt && !seen.Effects.OfType<WakeAt>().Any(w => w.At == wake))
        {
            Fail($"the next wake is at {wake}, and nobody was told");
        }
    }
}
