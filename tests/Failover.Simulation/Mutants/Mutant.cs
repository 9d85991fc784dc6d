using System.Collections.Immutable;
using Failover.Election;
using Failover.Engine;
using Failover.Simulation.Running;

namespace Failover.Simulation.Mutants;

/// <summary>An engine with a bug: the real one, with what goes in or comes out of it bent. Its class's name says what is wrong with it.</summary>
/// <param name="breaks">The invariant that must catch it.</param>
internal abstract class Mutant(Type breaks) : IFold
{
    internal string Breaks { get; } = breaks.Name;

    public virtual Step Start(GroupSettings settings, ImmutableArray<FailoverMember> members, EpochBook epochs, ulong seed, Moment now) =>
        GroupFold.Start(settings, members, epochs, seed, now);

    public abstract Step Apply(GroupState state, GroupEvent happened, Moment now);

    /// <summary>Lets the engine see another state than there is; what was bent is put back afterwards. An event that says nothing still changes nothing.</summary>
    protected static Step Bent(GroupState state, GroupEvent happened, Moment now, Func<GroupState, GroupState> bend, Func<GroupState, GroupState>? straighten = null)
    {
        GroupState bent = bend(state);
        Step step = GroupFold.Apply(bent, happened, now);
        return ReferenceEquals(step.State, bent) ? new(state, step.Effects)
            : straighten is null ? step
            : step with { State = straighten(step.State) };
    }

    protected static Step Told(Step step, Func<GroupEffect, GroupEffect?> change) =>
        step with { Effects = [.. step.Effects.Select(change).OfType<GroupEffect>()] };
}
