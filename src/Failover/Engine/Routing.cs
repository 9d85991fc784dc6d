using System.Collections.Immutable;

namespace Failover.Engine;

/// <summary>The order in which a caller should try the members: the active one, then the others by health and preference.</summary>
internal static class Routing
{
    private const int Ranks = 5;

    internal static GroupState Update(GroupState state)
    {
        ImmutableArray<MemberState> members = state.Members;
        ImmutableArray<FailoverMember> old = state.Route;
        ImmutableArray<FailoverMember>.Builder? changed = old.Length == members.Length ? null : ImmutableArray.CreateBuilder<FailoverMember>(members.Length);
        Span<byte> ranks = members.Length <= 256 ? stackalloc byte[members.Length] : new byte[members.Length];
        for (int i = 0; i < ranks.Length; i++)
        {
            ranks[i] = Rank(members[i], state);
        }

        int next = 0;
        for (int rank = 0; rank < Ranks; rank++)
        {
            for (int i = 0; i < ranks.Length; i++)
            {
                if (ranks[i] != rank)
                {
                    continue;
                }

                MemberState member = members[i];
                if (changed is null && !ReferenceEquals(old[next], member.Member))
                {
                    changed = ImmutableArray.CreateBuilder<FailoverMember>(members.Length);
                    changed.AddRange(old, next);
                }

                changed?.Add(member.Member);
                next++;
            }
        }

        return changed is null ? state : state with { Route = changed.MoveToImmutable() };
    }

    private static byte Rank(MemberState member, GroupState state)
    {
        // An active member that has been given up comes first only where it was told to stay.
        bool leads = member.Verdict != Verdict.Unhealthy || state.Pinned;

        // A start waits for the first outcome of what is preferred: until then, callers go there too, though another member was heard already.
        bool isExpected = member.IsUnheard && state.Condition == GroupCondition.Starting;
        return leads && (ReferenceEquals(member.Member, state.Active) || member.Member.Equals(state.Active)) ? (byte)0
            : member.Verdict == Verdict.Healthy || isExpected ? (member.IsDrained ? (byte)2 : (byte)1)
            : member.Verdict == Verdict.Unhealthy ? (byte)4
            : (byte)3;
    }
}
