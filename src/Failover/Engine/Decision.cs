using Failover.Election;

namespace Failover.Engine;

/// <summary>Asks the elector, and moves the condition along the table of the design.</summary>
internal static class Decision
{
    internal static void Decide(Turn turn)
    {
        Records.Settle(turn);
        if (turn.Settings.Elector == ElectorKind.Role)
        {
            RoleDecision.Decide(turn);
        }
        else
        {
            ByPriority(turn);
        }
    }

    private static void ByPriority(Turn turn)
    {
        GroupState state = turn.State;
        if (state.Find(state.Requested) is { } requested && (requested.Verdict is Verdict.Unhealthy || requested.IsDrained))
        {
            state = turn.State = state with { Requested = null };
        }

        if (turn.Settings.HasSwitcher && state.Active is null && state.Removed is null)
        {
            // Where the outside points to none of the members, or cannot be read, nothing is changed.
            Acting.WantNothing(turn);
            Wait(turn, state.Switch.HasRead ? "the authority points to none of the members" : "the authority has not been read yet");
            return;
        }

        int active = state.IndexOf(state.Active);
        TimeSpan holdDown = state.HoldDown.Length(turn.Elapsed, turn.Settings.HoldDown, turn.Settings.MaxHoldDown, turn.Settings.Calm);
        Choice choice = PriorityElector.Elect(
            state.Members, active, state.IndexOf(state.Requested), MayWaitForAll(turn), state.Pinned, turn.Settings.SwitchbackMode, holdDown, state.ActiveSince, turn.Elapsed);
        bool begins = state.SwitchbackAt is null;
        if (state.SwitchbackPending != choice.SwitchbackPending || state.SwitchbackAt != choice.SwitchbackAt)
        {
            turn.State = state = state with { SwitchbackPending = choice.SwitchbackPending, SwitchbackAt = choice.SwitchbackAt };
        }

        if (choice.SwitchbackAt is { } at && (begins || at <= turn.Elapsed))
        {
            Schedule.Watch(turn, begins);
        }

        if (choice.Index >= 0 && choice.Index != active)
        {
            MemberState target = state.Members[choice.Index];
            SwitchoverCause cause = state.Removed is not null ? SwitchoverCause.MemberRemoved
                : state.LastActive is null ? SwitchoverCause.Initial
                : choice.Cause;
            if (turn.Settings.HasSwitcher)
            {
                Acting.Want(turn, target, cause);
            }
            else
            {
                Records.Become(turn, target, cause);
            }
        }
        else if (turn.Settings.HasSwitcher)
        {
            Acting.WantNothing(turn);
        }

        Condition(turn);
    }

    private static void Condition(Turn turn)
    {
        if (turn.Active is not { } active)
        {
            Wait(turn, Pending(turn) ?? (turn.State.Condition == GroupCondition.Starting ? Awaited(turn.State) : "no member is healthy"));
        }
        else if (active.Verdict == Verdict.Unhealthy)
        {
            Wait(turn, Pending(turn) ?? (turn.State.Pinned ? "pinned to a member that is unhealthy" : "no member is healthy"));
        }
        else if (active.Verdict == Verdict.Unknown)
        {
            Wait(turn, $"{active.Member.Name} has not answered yet");
        }
        else if (active.Verdict != Verdict.Healthy)
        {
            turn.SetCondition(GroupCondition.Switching, $"{active.Member.Name} is suspect: {active.Evidence}");
        }
        else if (Pending(turn) is { } switching)
        {
            turn.SetCondition(GroupCondition.Switching, switching);
        }
        else
        {
            turn.SetCondition(GroupCondition.Settled, active.IsDrained ? $"{active.Member.Name} is drained, but no other member is healthy" : null);
        }
    }

    /// <summary>Whether it is still time to hear members that have not answered yet, before one of those that have is taken.</summary>
    internal static bool MayWaitForAll(Turn turn) =>
        turn.State.Condition == GroupCondition.Starting && turn.Now.Since(turn.State.Since) < turn.Settings.StartTimeout;

    private static string Awaited(GroupState state) =>
        state.Members.Any(static m => m.Verdict == Verdict.Healthy) && state.Members.FirstOrDefault(static m => m.IsUnheard) is { } preferred
            ? $"waiting for the first answer of {preferred.Member.Name}"
            : "no member has answered yet";

    private static string? Pending(Turn turn) => Acting.IsPending(turn.State) ? $"switching to {turn.State.Open!.To.Name}" : null;

    /// <summary>No proven member: starting or switching until the time for it is over, unavailable after that.</summary>
    internal static void Wait(Turn turn, string reason)
    {
        GroupState state = turn.State;
        switch (state.Condition)
        {
            case GroupCondition.Starting when turn.Now.Since(state.Since) < turn.Settings.StartTimeout:
                turn.SetCondition(GroupCondition.Starting, reason, unproven: true);
                break;
            case GroupCondition.Switching when turn.Elapsed - (state.UnprovenSince ?? turn.Elapsed) < turn.Settings.MaxSwitchTime:
                turn.SetCondition(GroupCondition.Switching, reason, unproven: true);
                break;
            case GroupCondition.Settled or GroupCondition.SplitBrain:
                turn.SetCondition(GroupCondition.Switching, reason, unproven: true);
                break;
            default:
                Unavailable(turn, reason);
                break;
        }
    }

    private static void Unavailable(Turn turn, string reason)
    {
        // What a switcher read stays true outside; a pinned member stays pinned. Else nothing is active that is not proven.
        bool keep = turn.Settings.HasSwitcher || turn.State.Pinned;
        if (!keep && turn.Settings.Elector == ElectorKind.Priority)
        {
            turn.State = turn.State with { Active = null };
        }

        turn.SetCondition(GroupCondition.Unavailable, reason, unproven: true);
    }
}
