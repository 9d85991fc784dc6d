using Failover.Engine;

namespace Failover.Simulation.Checking.Invariants;

/// <summary>No member is probed while a probe of it is under way, in time or left behind.</summary>
internal sealed class OneProbeAtATime : Invariant
{
    internal override void Before(in Seen seen)
    {
        foreach (GroupEffect effect in seen.Effects)
        {
            if (effect is Probe probe && Ledger.Find(probe.Member)?.Asked is { } asked && asked.Incarnation == probe.Incarnation && !Ends(seen.Event, probe.Member))
            {
                Fail($"{probe.Member} is probed (attempt {probe.Attempt}) while attempt {asked.Attempt} is under way");
            }
        }
    }

    private bool Ends(GroupEvent happened, FailoverMember member) =>
        happened is ProbeCompleted probe && probe.Member.Equals(member) && ((Ledger.InTime(probe) && !probe.StillRunning) || Ledger.EndsLeftBehind(probe));
}
