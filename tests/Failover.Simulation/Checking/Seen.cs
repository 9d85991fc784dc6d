using Failover.Engine;

namespace Failover.Simulation.Checking;

/// <summary>One step of the engine, from outside.</summary>
internal readonly record struct Seen(GroupEvent Event, Moment Now, GroupState Before, GroupState After, IReadOnlyList<GroupEffect> Effects)
{
    internal TimeSpan Elapsed => Now.Elapsed;

    /// <summary>Whether the active member is another, or none, or one where none was.</summary>
    internal bool ActiveChanged => !Equals(Before.Active, After.Active);
}
