using Failover.Engine;

namespace Failover.Simulation.Checking.Invariants;

/// <summary>As long as a member has failed less often than its thresholds ask, it is not left for its failures.</summary>
internal sealed class OneLostProbeNeverMoves : Invariant
{
    internal override void After(in Seen seen)
    {
        if (Ledger.Settings.Fall < 2)
        {
            return;
        }

        foreach (GroupEffect effect in seen.Effects)
        {
            if (effect is Publish { Switchover: { Revision: 1, Cause: SwitchoverCause.Failover, From: { } from } } && Ledger.IsPriority && Stands(from))
            {
                Fail($"{from} is left as failed after {Ledger.Find(from)!.Failures} failed probes; {Ledger.Settings.Fall} are asked");
            }
        }

        bool lost = seen.Event is ProbeCompleted { Result.Outcome: ProbeOutcome.Failed or ProbeOutcome.TimedOut } probe
            && probe.Member.Equals(seen.Before.Active) && Ledger.Find(probe.Member) is { Standing: Standing.Suspect, Failures: 1 };
        if (lost && seen.After.Active is null && !OtherClaims(seen.Before.Active!))
        {
            Fail($"one lost probe of {seen.Before.Active}, and none is active");
        }
    }

    private bool Stands(FailoverMember member) => Ledger.Find(member) is { Standing: Standing.Unknown or Standing.Healthy or Standing.Suspect };

    private bool OtherClaims(FailoverMember active)
    {
        foreach (MemberLedger other in Ledger.Members)
        {
            if (!other.Member.Equals(active) && other.Answer?.Role == MemberRole.Primary)
            {
                return true;
            }
        }

        return false;
    }
}
