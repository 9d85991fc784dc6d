using System.Collections.Immutable;
using Failover.Engine;

namespace Failover.Groups;

/// <summary>The members of a group while they run, in the order of the state, and the snapshots made of them. Changed under the monitor's lock only.</summary>
internal sealed class MemberTable(GroupParts parts, Action<MemberMeter> trip)
{
    private MemberRuntime[] _members = [];

    internal MemberRuntime[] Members => Volatile.Read(ref _members);

    internal MemberRuntime? Find(MemberMeter meter) => Array.Find(Members, m => ReferenceEquals(m.Meter, meter));

    internal MemberRuntime? Find(int incarnation)
    {
        foreach (MemberRuntime member in Members)
        {
            if (member.State.Incarnation == incarnation)
            {
                return member;
            }
        }

        return null;
    }

    /// <summary>Takes in the next state. Gives the previous snapshot if it shows the same.</summary>
    internal GroupSnapshot Update(GroupState state, GroupSnapshot? previous, string? configurationError, bool allowsInsecure)
    {
        bool changed = Align(state) || previous is null;
        bool anyRecovers = false;
        for (int i = 0; i < _members.Length; i++)
        {
            anyRecovers |= _members[i].Recovers(state.Members[i]);
        }

        for (int i = 0; i < _members.Length; i++)
        {
            changed |= _members[i].Update(state.Members[i], anyRecovers);
        }

        if (!changed && previous!.Shows(state) && previous.AllowsInsecureMember == allowsInsecure && string.Equals(previous.ConfigurationError, configurationError, StringComparison.Ordinal))
        {
            return previous;
        }

        ImmutableArray<MemberSnapshot> members = changed ? ImmutableArray.Create(Array.ConvertAll(_members, static m => m.Snapshot)) : previous!.Members;
        return new(state, parts.Kind, (previous?.Version ?? 0) + 1, configurationError, members, Route(state, members)) { AllowsInsecureMember = allowsInsecure };
    }

    /// <summary>Makes the table hold the members of the state, in its order.</summary>
    private bool Align(GroupState state)
    {
        ImmutableArray<MemberState> next = state.Members;
        bool same = _members.Length == next.Length;
        for (int i = 0; same && i < next.Length; i++)
        {
            same = _members[i].State.Incarnation == next[i].Incarnation;
        }

        if (same)
        {
            return false;
        }

        MemberRuntime[] aligned = new MemberRuntime[next.Length];
        for (int i = 0; i < next.Length; i++)
        {
            aligned[i] = Find(next[i].Incarnation) ?? Make(next[i]);
        }

        foreach (MemberRuntime gone in _members)
        {
            if (Array.IndexOf(aligned, gone) < 0)
            {
                gone.Probe?.Abort();
            }
        }

        Volatile.Write(ref _members, aligned);
        return true;
    }

    private MemberRuntime Make(MemberState state)
    {
        MemberRuntime made = new(state, new(parts.Time, trip));
        made.Watch();
        return made;
    }

    private static ImmutableArray<MemberSnapshot> Route(GroupState state, ImmutableArray<MemberSnapshot> members)
    {
        bool inOrder = state.Route.Length == members.Length;
        for (int i = 0; inOrder && i < members.Length; i++)
        {
            inOrder = ReferenceEquals(state.Route[i], members[i].Member);
        }

        if (inOrder)
        {
            return members;
        }

        ImmutableArray<MemberSnapshot>.Builder route = ImmutableArray.CreateBuilder<MemberSnapshot>(state.Route.Length);
        foreach (FailoverMember member in state.Route)
        {
            int index = state.IndexOf(member);
            if (index >= 0)
            {
                route.Add(members[index]);
            }
        }

        return route.DrainToImmutable();
    }
}
