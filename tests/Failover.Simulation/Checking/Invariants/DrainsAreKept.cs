using Failover.Engine;

namespace Failover.Simulation.Checking.Invariants;

/// <summary>
/// A member is drained from the moment that people or the member itself say so, to a call or to a probe, until the time that was said is over or it is taken back; a 503 with a time drains it only where a call and a probe were told so.
/// </summary>
internal sealed class DrainsAreKept : Invariant
{
    internal override void After(in Seen seen)
    {
        // An event that says nothing does not even let time pass: the tick that is due follows.
        if (ReferenceEquals(seen.Before, seen.After))
        {
            return;
        }

        foreach (MemberState member in seen.After.Members)
        {
            TimeSpan? until = Ledger.Find(member.Member)!.DrainedUntil;
            if (member.IsDrained != until is not null)
            {
                Fail(until is null ? $"{member.Member} is drained, and nobody has said so" : $"{member.Member} is not drained, and should be until {until}");
            }
        }
    }
}
