using System.Collections.Immutable;
using Failover.Election;

namespace Failover.Engine;

/// <summary>All that a group knows and has decided. Immutable; <see cref="GroupFold"/> makes the next one from it.</summary>
internal sealed record GroupState(GroupSettings Settings)
{
    internal GroupCondition Condition { get; init; }

    /// <summary>When the condition began.</summary>
    internal Moment Since { get; init; }

    /// <summary>Since when there has been no proven member; null while there is one.</summary>
    internal TimeSpan? UnprovenSince { get; init; }

    internal bool Pinned { get; init; }

    /// <summary>In the order of preference.</summary>
    internal ImmutableArray<MemberState> Members { get; init; } = [];

    /// <summary>The order in which a caller should try the members; changes only when it has to.</summary>
    internal ImmutableArray<FailoverMember> Route { get; init; } = [];

    internal FailoverMember? Active { get; init; }

    internal TimeSpan ActiveSince { get; init; }

    /// <summary>The last member that was active, kept while none is.</summary>
    internal FailoverMember? LastActive { get; init; }

    /// <summary>What the elector wants; for levels in which others elect, what a manual switch asked for.</summary>
    internal FailoverMember? Desired { get; init; }

    /// <summary>The member somebody asked for; it stands before the order of preference while it is healthy.</summary>
    internal FailoverMember? Requested { get; init; }

    /// <summary>What was known of a member when it was removed while active: the evidence of the switchover that follows.</summary>
    internal MemberState? Removed { get; init; }

    internal EpochBook Epochs { get; init; } = EpochBook.Empty;

    internal HoldDown HoldDown { get; init; }

    /// <summary>Since when two members without epochs have both said that they are primary.</summary>
    internal TimeSpan? OverlapSince { get; init; }

    /// <summary>Until when writers wait because a change was announced.</summary>
    internal TimeSpan? HoldUntil { get; init; }

    /// <summary>When the first of the holds began that count together; null once a primary has proven itself anew.</summary>
    internal TimeSpan? HoldSince { get; init; }

    /// <summary>From when on a hold begins a count of its own.</summary>
    internal TimeSpan HoldsApartFrom { get; init; }

    /// <summary>Whether a preferred member waits for its switchback: for its hold-down, or for somebody to ask.</summary>
    internal bool SwitchbackPending { get; init; }

    /// <summary>When the hold-down of a pending switchback ends; in the past while its member has yet to be seen well at the end.</summary>
    internal TimeSpan? SwitchbackAt { get; init; }

    internal SwitchProgress Switch { get; init; } = SwitchProgress.None;

    /// <summary>The switchover that is not final yet.</summary>
    internal Switchover? Open { get; init; }

    /// <summary>The last revision told.</summary>
    internal Switchover? Last { get; init; }

    internal RequestAnswer? LastRequest { get; init; }

    internal SplitMix Random { get; init; }

    internal TimeSpan WakeAt { get; init; } = TimeSpan.MaxValue;

    internal int NextIncarnation { get; init; } = 1;

    /// <summary>Why the group stands as it does, for people.</summary>
    internal string? Reason { get; init; }

    internal MemberState? Find(FailoverMember? member)
    {
        int index = IndexOf(member);
        return index < 0 ? null : Members[index];
    }

    internal int IndexOf(FailoverMember? member)
    {
        if (member is null)
        {
            return -1;
        }

        for (int i = 0; i < Members.Length; i++)
        {
            if (ReferenceEquals(Members[i].Member, member))
            {
                return i;
            }
        }

        for (int i = 0; i < Members.Length; i++)
        {
            if (Members[i].Member.Equals(member))
            {
                return i;
            }
        }

        return -1;
    }
}

/// <summary>The answer to a <see cref="SwitchRequested"/>.</summary>
/// <param name="Request">Which request.</param>
/// <param name="Refusal">Why it is refused; null if it is accepted.</param>
/// <param name="Switchover">The switchover that carries it out; null if it is refused or the member is active already.</param>
internal sealed record RequestAnswer(long Request, string? Refusal, Guid? Switchover);

/// <summary>Where the switcher and the lease stand.</summary>
internal sealed record SwitchProgress
{
    internal static readonly SwitchProgress None = new();

    /// <summary>The number of the last operation given to the switcher.</summary>
    internal long Operation { get; init; }

    internal bool InFlight { get; init; }

    /// <summary>The target of the operation under way; null for a read.</summary>
    internal FailoverMember? InFlightTarget { get; init; }

    /// <summary>Not before this is the next act or read.</summary>
    internal TimeSpan NotBefore { get; init; }

    /// <summary>Not before this is a switchback tried again that could not be made in time.</summary>
    internal TimeSpan NoSwitchbackBefore { get; init; }

    internal TimeSpan NextRead { get; init; }

    /// <summary>Why the last act came to nothing; null if it worked, or for another switchover.</summary>
    internal string? Evidence { get; init; }

    /// <summary>Acts in a row that failed.</summary>
    internal int Failures { get; init; }

    internal int ReadFailures { get; init; }

    /// <summary>The member for which the switcher acted last, unless another has been read since.</summary>
    internal FailoverMember? LastTarget { get; init; }

    internal long? LeaseToken { get; init; }

    internal bool LeaseAsked { get; init; }

    internal TimeSpan LeaseNotBefore { get; init; }

    /// <summary>Whether the authority has been read at least once.</summary>
    internal bool HasRead { get; init; }
}
