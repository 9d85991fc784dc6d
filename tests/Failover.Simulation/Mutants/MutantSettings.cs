using System.Collections.Immutable;
using Failover.Election;
using Failover.Engine;

namespace Failover.Simulation.Mutants;

/// <summary>An engine that goes by other settings than it was given.</summary>
internal abstract class MutantSettings(Type breaks) : Mutant(breaks)
{
    public override Step Start(GroupSettings settings, ImmutableArray<FailoverMember> members, EpochBook epochs, ulong seed, Moment now) =>
        GroupFold.Start(Change(settings), members, epochs, seed, now);

    public override Step Apply(GroupState state, GroupEvent happened, Moment now) =>
        GroupFold.Apply(state, happened is OptionsChanged options ? new OptionsChanged(Change(options.Settings)) : happened, now);

    protected abstract GroupSettings Change(GroupSettings settings);
}
