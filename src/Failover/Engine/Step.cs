namespace Failover.Engine;

/// <summary>What the fold gives: the next state, and what is to be done.</summary>
internal readonly record struct Step(GroupState State, IReadOnlyList<GroupEffect> Effects);
