using Failover.Election;

namespace Failover.Engine;

/// <summary>When to probe, when to wake, and in which order callers try the members.</summary>
internal static class Schedule
{
    private const double Jitter = 0.1;

    /// <summary>How much of the wait may fall away while a hold-down runs: a member that flaps in step with its probes would else look well to each of them.</summary>
    private const double HoldDownJitter = 0.5;

    private const int MaxDoublings = 20;

    /// <summary>How many intervals calls that succeed may keep a probe away: they see less than a probe does, which reads the answer to its end.</summary>
    private const int MostSpared = 4;

    /// <summary>The earliest moment for a probe that is wanted soon: at once, but not within <paramref name="gap"/> of the last.</summary>
    internal static TimeSpan Soonest(MemberState member, TimeSpan gap, TimeSpan now)
    {
        TimeSpan rested = member.Attempt == 0 ? now : member.LastProbeStart + gap;
        return rested > now ? rested : now;
    }

    /// <summary>How long to wait before the next probe of a member: varied by 10 percent, and while its hold-down runs only ever shorter, so that no break as long as the interval stays unseen.</summary>
    internal static TimeSpan Interval(Turn turn, MemberState member)
    {
        GroupSettings settings = turn.Settings;
        if (IsHeldDown(turn.State, member))
        {
            return HeldDownInterval(turn);
        }

        TimeSpan interval = member.Verdict switch
        {
            Verdict.Healthy => turn.State.Condition is GroupCondition.Starting or GroupCondition.Switching ? settings.TransitionInterval : settings.ProbeInterval,
            Verdict.Unhealthy when member.Against == 0 && !IsAwaited(turn) => Growing(settings, member.DownProbes),
            _ => settings.TransitionInterval,
        };
        return interval * (1 - Jitter + (2 * Jitter * turn.NextRandom()));
    }

    private static TimeSpan HeldDownInterval(Turn turn) => turn.Settings.TransitionInterval * (1 - (HoldDownJitter * turn.NextRandom()));

    /// <summary>Whether any member may be the next primary, one that was given up too: others elect, and callers wait for the first that proves itself.</summary>
    private static bool IsAwaited(Turn turn) =>
        turn.State.Condition == GroupCondition.Switching && turn.Settings.Elector == ElectorKind.Role;

    /// <summary>Whether the group would go back to the member, and waits for its hold-down.</summary>
    private static bool IsHeldDown(GroupState state, MemberState member) =>
        state.SwitchbackAt is not null && PriorityElector.IsUsable(member) && state.IndexOf(member.Member) < state.IndexOf(state.Active);

    /// <summary>Looks at members more often once their hold-down begins, and once more when its time is over, unless they were seen since.</summary>
    internal static void Watch(Turn turn, bool begins)
    {
        // Those that are held down stand before the active one: looked for once, not once for each.
        GroupState state = turn.State;
        int active = state.IndexOf(state.Active);
        for (int i = 0; i < active; i++)
        {
            MemberState member = state.Members[i];
            if (!PriorityElector.IsUsable(member))
            {
                continue;
            }

            TimeSpan next = state.SwitchbackAt <= turn.Elapsed && member.SeenGood < state.SwitchbackAt ? turn.Elapsed
                : begins ? turn.Elapsed + HeldDownInterval(turn)
                : member.NextProbe;
            if (next < member.NextProbe)
            {
                turn.Set(i, member with { NextProbe = next });
            }
        }
    }

    /// <summary>Sets when a member is probed next, after a probe of it ended or time passed without its end.</summary>
    internal static MemberState AfterProbe(Turn turn, MemberState member) => member with
    {
        NextProbe = member.LookAgain && !member.Stuck ? turn.Elapsed : turn.Elapsed + Interval(turn, member),
        LookAgain = false,
    };

    /// <summary>The member with its next probe brought forward to the pace of a transition.</summary>
    internal static MemberState Sooner(Turn turn, MemberState member)
    {
        TimeSpan at = Soonest(member, turn.Settings.TransitionInterval, turn.Elapsed);
        return at < member.NextProbe ? member with { NextProbe = at } : member;
    }

    /// <summary>When to probe a member next whose calls succeed: they stand for probes, but not for ever. A probe that was left behind is waited for.</summary>
    internal static TimeSpan Spared(Turn turn, MemberState member)
    {
        TimeSpan next = turn.Elapsed + Interval(turn, member);
        TimeSpan latest = member.Stuck ? TimeSpan.MaxValue : Soonest(member, turn.Settings.ProbeInterval * MostSpared, turn.Elapsed);
        return next < latest ? next : latest;
    }

    /// <summary>Sends the probes that are due, and asks to be woken for what comes next.</summary>
    internal static void Run(Turn turn)
    {
        SendProbes(turn);
        turn.State = Routing.Update(turn.State);
        TimeSpan wake = NextWake(turn.State, turn.Elapsed);
        if (wake != TimeSpan.MaxValue && (wake != turn.State.WakeAt || turn.State.WakeAt <= turn.Elapsed))
        {
            turn.Emit(new WakeAt(wake));
        }

        turn.Conclude(wake);
    }

    private static void SendProbes(Turn turn)
    {
        for (int i = 0; i < turn.State.Members.Length; i++)
        {
            MemberState member = turn.State.Members[i];
            if (member.Probing || member.Stuck || member.NextProbe > turn.Elapsed)
            {
                continue;
            }

            member = member with { Probing = true, Attempt = member.Attempt + 1, LastProbeStart = turn.Elapsed, LookAgain = false };
            turn.Set(i, member);
            turn.Emit(new Probe(member.Member, member.Incarnation, member.Attempt, TimeoutOf(member, turn.Settings)));
        }
    }

    /// <summary>Where calls hang, a member that works answers a probe quickly, and callers wait for what it says.</summary>
    private static TimeSpan TimeoutOf(MemberState member, GroupSettings settings) =>
        member.HangSuspected && settings.ConfirmTimeout < settings.ProbeTimeout ? settings.ConfirmTimeout : settings.ProbeTimeout;

    private static TimeSpan Growing(GroupSettings settings, int probes)
    {
        double wait = settings.TransitionInterval.Ticks * Math.Pow(2, Math.Min(probes, MaxDoublings));
        return TimeSpan.FromTicks((long)Math.Min(wait, settings.DownInterval.Ticks));
    }

    private static TimeSpan NextWake(GroupState state, TimeSpan now)
    {
        GroupSettings settings = state.Settings;
        Earliest wake = new(now);
        foreach (MemberState member in state.Members)
        {
            wake.Consider(member.Probing ? null : member.NextProbe);
            wake.Consider(member.DrainedUntil);
            wake.Consider(member.Reading.Waiting == 0 ? null : member.ReadAgain > now ? member.ReadAgain : now + settings.HangAges.Pace);
        }

        wake.Consider(state.Condition switch
        {
            GroupCondition.Starting => state.Since.Elapsed + settings.StartTimeout,
            GroupCondition.Switching => state.UnprovenSince + settings.MaxSwitchTime,
            _ => null,
        });
        wake.Consider(state.SwitchbackAt);
        wake.Consider(state.HoldUntil);
        wake.Consider(state.OverlapSince + settings.OverlapTolerance);
        wake.Consider(state.Epochs.Trusted is null ? null : state.Epochs.TrustedHeard + settings.WhenOldSilentFor);
        wake.Consider(state.Open is { } open ? Records.EndsAt(open, settings) : null);
        wake.Consider(Acting.NextWake(state));
        return wake.At;
    }

    /// <summary>The earliest of the moments still to come. One that has passed is of no interest: its work is done in the step that saw it pass.</summary>
    private ref struct Earliest(TimeSpan now)
    {
        internal TimeSpan At { get; private set; } = TimeSpan.MaxValue;

        internal void Consider(TimeSpan? moment)
        {
            if (moment is { } at && at > now && at < At)
            {
                At = at;
            }
        }
    }
}
