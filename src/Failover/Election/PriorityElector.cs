using System.Collections.Immutable;

namespace Failover.Election;

/// <summary>What an elector wants.</summary>
/// <param name="Index">The member that should be active: the active one itself if it should stay, -1 if there is none to take.</param>
/// <param name="Cause">Why, where it is another than the active one.</param>
/// <param name="SwitchbackPending">Whether a preferred member waits for its hold-down, or for somebody to ask.</param>
/// <param name="SwitchbackAt">When the hold-down ends; in the past while the member has yet to be seen well at its end.</param>
internal readonly record struct Choice(int Index, SwitchoverCause Cause, bool SwitchbackPending = false, TimeSpan? SwitchbackAt = null);

/// <summary>Chooses the first healthy member in the order of preference, and goes back to a preferred one only after its hold-down.</summary>
internal static class PriorityElector
{
    /// <param name="members">The members in the order of preference.</param>
    /// <param name="active">The index of the active member; -1 if none is.</param>
    /// <param name="requested">The index of the member somebody asked for; it stands before the order. -1 if none.</param>
    /// <param name="starting">Whether to wait for members that are preferred to the best known one and neither answer nor are given up yet.</param>
    /// <param name="pinned">Whether an active member is to be kept whatever happens.</param>
    /// <param name="mode">What happens when a preferred member is healthy again.</param>
    /// <param name="holdDown">How long it must have been healthy, and the active member active.</param>
    /// <param name="activeSince">Since when the active member has been active.</param>
    /// <param name="now">The time.</param>
    internal static Choice Elect<T>(ImmutableArray<T> members, int active, int requested, bool starting, bool pinned, SwitchbackMode mode, TimeSpan holdDown, TimeSpan activeSince, TimeSpan now)
        where T : class, ICandidate
    {
        int best = requested >= 0 && IsUsable(members[requested]) ? requested : First(members, drained: false);
        if (active < 0)
        {
            bool wait = starting && UndecidedBefore(members, best < 0 ? members.Length : best);
            return new(wait ? -1 : best >= 0 ? best : First(members, drained: true), SwitchoverCause.Failover);
        }

        if (pinned)
        {
            return new(active, default);
        }

        T current = members[active];
        if (current.Verdict == Verdict.Unhealthy)
        {
            int next = best >= 0 ? best : First(members, drained: true);
            return new(next >= 0 ? next : active, SwitchoverCause.Failover);
        }

        if (best < 0 || best == active || requested == active)
        {
            return new(active, default);
        }

        return best == requested ? new(best, SwitchoverCause.Manual)
            : current.IsDrained ? new(best, SwitchoverCause.Drain)
            : Switchback(members, active, mode, holdDown, activeSince, now);
    }

    private static Choice Switchback<T>(ImmutableArray<T> members, int active, SwitchbackMode mode, TimeSpan holdDown, TimeSpan activeSince, TimeSpan now)
        where T : class, ICandidate
    {
        if (mode == SwitchbackMode.Never)
        {
            return new(active, default);
        }

        bool pending = false;
        TimeSpan? earliest = null;
        for (int i = 0; i < active; i++)
        {
            if (!IsUsable(members[i]))
            {
                continue;
            }

            pending = true;
            if (mode == SwitchbackMode.Manual)
            {
                break;
            }

            TimeSpan since = members[i].HealthySince;
            TimeSpan at = (since > activeSince ? since : activeSince) + holdDown;
            if (now >= at)
            {
                // Time alone proves nothing: the member must be seen well at the end, and what it says is waited for before another is taken.
                return members[i].SeenGood >= at ? new(i, SwitchoverCause.Switchback) : new(active, default, SwitchbackPending: true, at);
            }

            earliest = earliest is { } e && e < at ? e : at;
        }

        return new(active, default, pending, earliest);
    }

    internal static bool IsUsable(ICandidate member) => member.Verdict == Verdict.Healthy && !member.IsDrained;

    private static int First<T>(ImmutableArray<T> members, bool drained)
        where T : class, ICandidate
    {
        for (int i = 0; i < members.Length; i++)
        {
            if (members[i].Verdict == Verdict.Healthy && (drained || !members[i].IsDrained))
            {
                return i;
            }
        }

        return -1;
    }

    private static bool UndecidedBefore<T>(ImmutableArray<T> members, int end)
        where T : class, ICandidate
    {
        for (int i = 0; i < end; i++)
        {
            if (members[i].Verdict is Verdict.Unknown or Verdict.Suspect)
            {
                return true;
            }
        }

        return false;
    }
}
