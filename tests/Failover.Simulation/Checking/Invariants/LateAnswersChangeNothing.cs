using Failover.Engine;

namespace Failover.Simulation.Checking.Invariants;

/// <summary>An answer that nobody waits for any more gives back the very same state; the end of a probe that was left behind says nothing of its member.</summary>
internal sealed class LateAnswersChangeNothing : Invariant
{
    internal override void Before(in Seen seen)
    {
        bool late = seen.Event switch
        {
            ProbeCompleted probe => !Ledger.InTime(probe) && !Ledger.EndsLeftBehind(probe),
            SwitchCompleted completed => completed.Operation != Ledger.Operation?.Operation,
            MeterRead read => seen.Before.Find(read.Member)?.Incarnation != read.Incarnation,
            Drained drained => Ledger.Find(drained.Member) is null,
            MembersChanged changed => changed.Members.IsDefaultOrEmpty,
            _ => false,
        };
        if (late && (!ReferenceEquals(seen.Before, seen.After) || seen.Effects.Count > 0))
        {
            Fail($"{seen.Event} came too late, or is about nobody, and changed the state");
        }

        if (seen.Event is ProbeCompleted ended && Ledger.EndsLeftBehind(ended) && seen.Before.Find(ended.Member) is { } before && seen.After.Find(ended.Member) is { } after
            && ((before.Role != after.Role && after.Role != MemberRole.Unknown) || before.Proof.OwnEpoch != after.Proof.OwnEpoch || before.LastGood != after.LastGood))
        {
            Fail($"the end of the probe of {ended.Member} that was left behind was taken for an answer");
        }
    }
}
