using System.Collections.Immutable;
using Failover.Election;
using Failover.Engine;

namespace Failover.Simulation.Running;

/// <summary>The engine as the simulation calls it: the real one, or one with a bug built in.</summary>
internal interface IFold
{
    Step Start(GroupSettings settings, ImmutableArray<FailoverMember> members, EpochBook epochs, ulong seed, Moment now);

    Step Apply(GroupState state, GroupEvent happened, Moment now);
}

/// <summary>The engine itself.</summary>
internal sealed class RealFold : IFold
{
    internal static readonly RealFold Instance = new();

    public Step Start(GroupSettings settings, ImmutableArray<FailoverMember> members, EpochBook epochs, ulong seed, Moment now) =>
        GroupFold.Start(settings, members, epochs, seed, now);

    public Step Apply(GroupState state, GroupEvent happened, Moment now) => GroupFold.Apply(state, happened, now);
}
