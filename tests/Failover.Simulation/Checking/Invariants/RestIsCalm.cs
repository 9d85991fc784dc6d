using Failover.Engine;

namespace Failover.Simulation.Checking.Invariants;

/// <summary>When all faults have been over for longer than any hold-down, no switchover is begun any more: nothing swings to and fro, and nothing is tried in vain.</summary>
internal sealed class RestIsCalm : Invariant
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(90);

    private (Switchover Record, TimeSpan At)? _last;

    internal override void After(in Seen seen)
    {
        foreach (GroupEffect effect in seen.Effects)
        {
            if (effect is Publish { Switchover: { Revision: 1 } begun })
            {
                _last = (begun, seen.Elapsed);
            }
        }
    }

    internal override void AtRest(GroupState state, TimeSpan now)
    {
        if (_last is { } last && now - last.At < Long)
        {
            Fail($"all is well, and {last.Record.Cause} to {last.Record.To} was begun at {last.At}");
        }
    }
}
