using System.Collections.Immutable;

namespace Failover.Engine;

/// <summary>Takes in a new list of members, or new settings.</summary>
internal static class Membership
{
    /// <summary>Members that stay keep what is known of them; an empty list is ignored.</summary>
    internal static bool Change(Turn turn, ImmutableArray<FailoverMember> members)
    {
        if (members.IsDefaultOrEmpty)
        {
            return false;
        }

        int incarnation = turn.State.NextIncarnation;
        ImmutableArray<MemberState>.Builder next = ImmutableArray.CreateBuilder<MemberState>(members.Length);
        foreach (FailoverMember member in members)
        {
            if (next.Any(known => known.Member.Equals(member)))
            {
                continue;
            }

            next.Add(turn.State.Find(member) is { } known
                ? known with { Member = member }
                : new MemberState(member, incarnation++) { NextProbe = turn.Elapsed });
        }

        MemberState? active = turn.Active;
        turn.State = turn.State with { Members = next.ToImmutable(), NextIncarnation = incarnation };
        if (active is not null && turn.State.IndexOf(active.Member) < 0)
        {
            turn.State = turn.State with { Active = null, Removed = active };
        }

        else if (turn.Settings.HasSwitcher && turn.State.Removed is { } removed && turn.State.IndexOf(removed.Member) >= 0)
        {
            // It is back before it was left: see what stands outside before anything is moved.
            turn.State = turn.State with { Removed = null, Switch = turn.State.Switch with { NextRead = turn.Elapsed } };
        }

        if (turn.State.IndexOf(turn.State.Requested) < 0)
        {
            turn.State = turn.State with { Requested = null };
        }

        return true;
    }

    internal static bool Reconfigure(Turn turn, GroupSettings settings)
    {
        turn.State = turn.State with { Settings = settings, Epochs = turn.State.Epochs.Ask(settings.TrustLineage, turn.Elapsed) };
        ImmutableArray<MemberState> members = turn.State.Members;
        for (int i = 0; i < members.Length; i++)
        {
            // A shorter interval holds from now on, not from the end of the longer one.
            TimeSpan longest = turn.Elapsed + Schedule.Interval(turn, members[i]);
            if (members[i].NextProbe > longest)
            {
                turn.Set(i, members[i] with { NextProbe = longest });
            }
        }

        return true;
    }
}
