namespace Failover.Engine;

/// <summary>Acts outside through the switcher, under the lease where one is needed, and takes in what the authority shows.</summary>
internal static class Acting
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxRetry = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LeaseRetry = TimeSpan.FromSeconds(5);

    /// <summary>Whether a switchover has been decided and is yet to be made.</summary>
    internal static bool IsPending(GroupState state) => state.Open is { Switched: null };

    /// <summary>The elector wants another member outside.</summary>
    internal static void Want(Turn turn, MemberState target, SwitchoverCause cause)
    {
        GroupState state = turn.State;
        bool wanted = state.Open is { Switched: null } open && open.To.Equals(target.Member) && (open.Cause == cause || open.Cause == SwitchoverCause.Manual);
        if (wanted)
        {
            return;
        }

        bool back = cause == SwitchoverCause.Switchback;
        if (!state.Switch.InFlight && (!back || MaySwitchBack(turn)))
        {
            Records.Announce(turn, target, cause);
        }
        else if (back)
        {
            turn.State = turn.State with { SwitchbackPending = true };
            WantNothing(turn);
        }
    }

    /// <summary>
    /// Nobody is hurt by the absence of a switchback: it is told of only once it can be made. A host without the lease would else tell of one again and again,
    /// while the holder has its reasons to stay.
    /// </summary>
    private static bool MaySwitchBack(Turn turn)
    {
        SwitchProgress progress = turn.State.Switch;
        return progress.NoSwitchbackBefore <= turn.Elapsed && MayAct(turn, ref progress);
    }

    /// <summary>The elector is content with what is active.</summary>
    internal static void WantNothing(Turn turn)
    {
        // A pin, or an authority that points elsewhere, keeps the elector from wanting anything; what somebody asked for is made all the same.
        bool asked = (turn.State.Pinned || turn.State.Active is null) && turn.State.Requested is not null && turn.State.Requested.Equals(turn.State.Open?.To);
        if (IsPending(turn.State) && !turn.State.Switch.InFlight && !asked)
        {
            Records.Close(turn);
        }
    }

    internal static bool Granted(Turn turn, LeaseGranted granted)
    {
        turn.State = turn.State with { Switch = turn.State.Switch with { LeaseToken = granted.Token, LeaseAsked = false } };
        return true;
    }

    internal static bool Lost(Turn turn, LeaseLost lost)
    {
        bool isRefused = IsPending(turn.State) && turn.State.Switch.LeaseAsked;
        SwitchProgress progress = turn.State.Switch with { LeaseToken = null, LeaseAsked = false, LeaseNotBefore = turn.Elapsed + (lost.AskAgain ? TimeSpan.Zero : LeaseRetry) };
        turn.State = turn.State with { Switch = isRefused ? progress with { Evidence = progress.Evidence ?? "the lease was not granted: another holds it, or the arbiter does not answer" } : progress };
        return true;
    }

    internal static bool Completed(Turn turn, SwitchCompleted completed)
    {
        SwitchProgress progress = turn.State.Switch;
        if (!progress.InFlight || completed.Operation != progress.Operation)
        {
            return false;
        }

        FailoverMember? target = progress.InFlightTarget;
        bool worked = completed is { Outcome: SwitchOutcome.Applied, ReadBack: { } shown } && (target is null || target.Equals(shown.Active));
        int failures = worked ? 0 : 1 + (target is null ? progress.ReadFailures : progress.Failures);
        TimeSpan retry = turn.Elapsed + (worked ? TimeSpan.Zero : Backoff(failures));
        progress = progress with { InFlight = false, InFlightTarget = null, HasRead = progress.HasRead || completed.ReadBack is not null };
        turn.State = turn.State with
        {
            Switch = target is null
                ? progress with { ReadFailures = failures, NextRead = worked ? turn.Elapsed + ReadInterval(turn) : retry }
                : progress with { Failures = failures, Evidence = worked ? null : completed.Evidence, NotBefore = retry, NextRead = worked ? turn.Elapsed + turn.Settings.SwitcherReadInterval : turn.Elapsed },
        };
        if (turn.Settings.Elector == ElectorKind.Priority && completed.ReadBack is { } reading)
        {
            Observe(turn, reading.Active);
        }
        else if (turn.Settings.Elector == ElectorKind.Role && completed.Outcome is SwitchOutcome.Applied or SwitchOutcome.Unknown)
        {
            // It is done, or may be: it is not asked for again; the new primary's own word ends it, or the time for it.
            turn.State = turn.State with { Switch = turn.State.Switch with { NotBefore = TimeSpan.MaxValue, Failures = 0 } };
        }
        else if (turn.Settings.Elector == ElectorKind.Role && target is not null && IsPending(turn.State))
        {
            // Those who elect were asked and did not do it: that is an answer, not a reason to insist.
            turn.State = turn.State with { Open = turn.State.Open! with { Evidence = completed.Evidence ?? turn.State.Open.Evidence } };
            Records.Close(turn);
        }

        return true;
    }

    /// <summary>While another may be acting in our place, look more often.</summary>
    private static TimeSpan ReadInterval(Turn turn) => IsPending(turn.State) ? turn.Settings.TransitionInterval * 2 : turn.Settings.SwitcherReadInterval;

    /// <summary>The authority was read: what it shows is what is active.</summary>
    private static void Observe(Turn turn, FailoverMember? shown)
    {
        GroupState state = turn.State;
        MemberState? active = state.Find(shown);
        if (active is null)
        {
            // A member of ours that was removed has to be left; what somebody else put there is left alone.
            bool ours = shown is not null && (shown.Equals(state.LastActive) || shown.Equals(state.Switch.LastTarget));
            turn.State = state with { Active = null, Removed = ours ? state.Removed ?? new(shown!, 0) : null };
            return;
        }

        if (!active.Member.Equals(state.Switch.LastTarget))
        {
            state = turn.State = state with { Switch = state.Switch with { LastTarget = null } };
        }

        if (active.Member.Equals(state.Active))
        {
            return;
        }

        SwitchoverCause cause = state.Open is { Switched: null } open && open.To.Equals(active.Member) ? open.Cause
            : state.LastActive is null ? SwitchoverCause.Initial
            : SwitchoverCause.External;
        if (cause == SwitchoverCause.External && !active.Member.Equals(state.LastActive))
        {
            // Somebody has moved it since: what was asked for before that is over.
            turn.State = state with { Requested = null };
        }

        Records.Become(turn, active, cause);
    }

    /// <summary>Gives the switcher its next operation, if there is one and it is free.</summary>
    internal static void Act(Turn turn)
    {
        SwitchProgress progress = turn.State.Switch;
        if (!turn.Settings.HasSwitcher || progress.InFlight)
        {
            return;
        }

        // The lease is asked for when it can be used: one that is held through a long pause keeps the others from it.
        if (IsPending(turn.State) && progress.NotBefore <= turn.Elapsed && MayAct(turn, ref progress))
        {
            Begin(turn, progress, turn.State.Open!.To);
            return;
        }

        if (turn.Settings.Elector == ElectorKind.Priority && progress.NextRead <= turn.Elapsed)
        {
            Begin(turn, progress, null);
        }
    }

    private static bool MayAct(Turn turn, ref SwitchProgress progress)
    {
        if (!turn.Settings.NeedsLease || progress.LeaseToken is not null)
        {
            return true;
        }

        if (!progress.LeaseAsked && progress.LeaseNotBefore <= turn.Elapsed)
        {
            progress = progress with { LeaseAsked = true };
            turn.State = turn.State with { Switch = progress };
            turn.Emit(AcquireLease.Instance);
        }

        return false;
    }

    private static void Begin(Turn turn, SwitchProgress progress, FailoverMember? target)
    {
        progress = progress with { Operation = progress.Operation + 1, InFlight = true, InFlightTarget = target, LastTarget = target ?? progress.LastTarget };
        turn.State = turn.State with { Switch = progress };
        FailoverMember? failed = target is not null && turn.State.Open is { Cause: SwitchoverCause.Failover } open ? open.From : null;
        turn.Emit(new Switch(progress.Operation, target, target is null ? null : progress.LeaseToken, failed));
    }

    internal static TimeSpan? NextWake(GroupState state)
    {
        SwitchProgress progress = state.Switch;
        if (!state.Settings.HasSwitcher || progress.InFlight)
        {
            return null;
        }

        TimeSpan wake = TimeSpan.MaxValue;
        if (IsPending(state))
        {
            bool waitsForLease = state.Settings.NeedsLease && progress.LeaseToken is null;
            wake = !waitsForLease || progress.NotBefore > progress.LeaseNotBefore ? progress.NotBefore : progress.LeaseNotBefore;
            wake = waitsForLease && progress.LeaseAsked ? TimeSpan.MaxValue : wake;
        }

        return state.Settings.Elector == ElectorKind.Priority && progress.NextRead < wake ? progress.NextRead : wake;
    }

    private static TimeSpan Backoff(int failures)
    {
        double wait = FirstRetry.Ticks * Math.Pow(2, Math.Min(failures - 1, 10));
        return TimeSpan.FromTicks((long)Math.Min(wait, MaxRetry.Ticks));
    }
}
