using System.Collections.Immutable;
using Failover.Election;

namespace Failover.Engine;

/// <summary>The engine: a pure function from a state, an event and the time to the next state and what is to be done.</summary>
internal static class GroupFold
{
    /// <summary>The first state of a group, and its first probes.</summary>
    internal static Step Start(GroupSettings settings, ImmutableArray<FailoverMember> members, EpochBook epochs, ulong seed, Moment now) =>
        throw new NotSupportedException();

    internal static Step Apply(GroupState state, GroupEvent happened, Moment now) => throw new NotSupportedException();
}
