using Failover.Engine;

namespace Failover.Simulation.Checking.Invariants;

/// <summary>When all faults are over, every group settles, from wherever it was: there is no condition that no event can leave.</summary>
internal sealed class EveryConditionCanBeLeft : Invariant
{
    internal override void AtRest(GroupState state, TimeSpan now)
    {
        if (state.Condition != GroupCondition.Settled)
        {
            Fail($"all is well, and the group is {state.Condition} since {state.Since.Elapsed}: {state.Reason}");
        }
    }
}
