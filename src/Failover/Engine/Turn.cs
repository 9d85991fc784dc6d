using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Failover.Engine;

/// <summary>The working copy of one step: lives only within one call of the fold.</summary>
internal sealed class Turn(GroupState state, Moment now)
{
    private List<GroupEffect>? _effects;

    /// <summary>The list that this step has made. Nobody has seen it outside of the step, so it is written to in place: a group of a hundred would else copy itself a hundred times.</summary>
    private ImmutableArray<MemberState> _own;
    private SplitMix _random = state.Random;

    internal GroupState State { get; set; } = state;

    internal Moment Now { get; } = now;

    internal TimeSpan Elapsed => Now.Elapsed;

    internal GroupSettings Settings => State.Settings;

    internal IReadOnlyList<GroupEffect> Effects => _effects ?? (IReadOnlyList<GroupEffect>)[];

    /// <summary>The state of the active member; null if none is active.</summary>
    internal MemberState? Active => State.Find(State.Active);

    internal void Emit(GroupEffect effect) => (_effects ??= []).Add(effect);

    internal void Set(int index, MemberState member)
    {
        if (State.Members != _own)
        {
            _own = [.. State.Members];
            State = State with { Members = _own };
        }

        ImmutableCollectionsMarshal.AsArray(_own)![index] = member;
    }

    /// <summary>The end of the step: writes what nearly every step changes, once.</summary>
    internal void Conclude(TimeSpan wakeAt)
    {
        if (State.WakeAt != wakeAt || State.Random != _random)
        {
            State = State with { WakeAt = wakeAt, Random = _random };
        }
    }

    /// <param name="condition">The condition; it began earlier if it is the same.</param>
    /// <param name="reason">Why, for people.</param>
    /// <param name="unproven">Whether there is no proven member: the time for that counts from its own beginning, not from that of the condition.</param>
    internal void SetCondition(GroupCondition condition, string? reason, bool unproven = false)
    {
        if (unproven != State.UnprovenSince is not null)
        {
            State = State with { UnprovenSince = unproven ? Elapsed : null };
        }

        if (State.Condition != condition)
        {
            State = State with { Condition = condition, Since = Now, Reason = reason };
            if (condition == GroupCondition.Switching)
            {
                ProbeSoon();
            }
        }
        else if (!string.Equals(State.Reason, reason, StringComparison.Ordinal))
        {
            State = State with { Reason = reason };
        }
    }

    /// <summary>Brings the next probe of each member forward to the pace of a transition.</summary>
    internal void ProbeSoon()
    {
        for (int i = 0; i < State.Members.Length; i++)
        {
            MemberState member = State.Members[i];
            TimeSpan at = Schedule.Soonest(member, Settings.TransitionInterval, Elapsed);
            if (at < member.NextProbe && !member.Stuck)
            {
                Set(i, member with { NextProbe = at });
            }
        }
    }

    internal double NextRandom()
    {
        _random = _random.NextDouble(out double value);
        return value;
    }

    internal Guid NextId()
    {
        _random = _random.Next(out ulong high).Next(out ulong low);
        Span<byte> bytes = stackalloc byte[16];
        BitConverter.TryWriteBytes(bytes, high);
        BitConverter.TryWriteBytes(bytes[8..], low);
        bytes[7] = (byte)((bytes[7] & 0x0F) | 0x40);     // version 4, variant 1: RFC 9562, section 5.4
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new(bytes);
    }
}
