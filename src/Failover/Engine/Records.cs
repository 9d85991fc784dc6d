namespace Failover.Engine;

/// <summary>Makes another member active, and keeps the switchover's record.</summary>
internal static class Records
{
    /// <summary>Makes <paramref name="to"/> active now.</summary>
    internal static void Become(Turn turn, MemberState to, SwitchoverCause cause)
    {
        GroupState state = turn.State;
        bool same = to.Member.Equals(state.LastActive);
        Switchover? begun = state.Open is { Switched: null } open && open.To.Equals(to.Member) ? open : null;
        bool announced = begun is not null;
        if (!announced)
        {
            Close(turn);
            begun = same ? null : New(turn, to, cause, Decides(turn, cause) ? turn.Now : null);
        }

        turn.State = turn.State with
        {
            Active = to.Member,
            ActiveSince = same ? state.ActiveSince : turn.Elapsed,
            LastActive = to.Member,
            Removed = null,
            Desired = Desired(turn, to.Member),
            HoldUntil = null,
            HoldSince = null,
            HoldDown = begun is not null && cause == SwitchoverCause.Failover ? state.HoldDown.AfterFailover(turn.Elapsed, turn.Settings.Calm, turn.NextRandom()) : state.HoldDown,
        };
        if (begun is not null)
        {
            // A primary has proven itself, and an authority has been read back; a member chosen by priority has yet to be seen working.
            bool proven = turn.Settings.Elector == ElectorKind.Role || turn.Settings.HasSwitcher || cause == SwitchoverCause.Initial;
            Tell(turn, begun with
            {
                Revision = begun.Revision + 1,
                Epoch = to.Epoch,
                Switched = turn.Now,
                Verified = proven ? turn.Now : null,
                Outcome = SwitchoverOutcome.Completed,
                IsFinal = proven && turn.Settings.VisibleWithin is null,
                LeaseToken = announced ? turn.State.Switch.LeaseToken : null,
            });
            if (turn.Settings.VisibleWithin is not null)
            {
                turn.Emit(new AwaitVisible(to.Member));
            }

            int index = turn.State.IndexOf(to.Member);
            if (!proven && !turn.State.Members[index].Stuck)
            {
                turn.Set(index, turn.State.Members[index] with { NextProbe = turn.Elapsed });
            }
        }
    }

    /// <summary>Tells of a switchover that has been decided and is yet to be made.</summary>
    internal static Switchover Announce(Turn turn, MemberState to, SwitchoverCause cause)
    {
        Close(turn);
        Tell(turn, New(turn, to, cause, turn.Now) with { Revision = 1 });
        turn.State = turn.State with { Desired = to.Member, Switch = turn.State.Switch with { Evidence = null } };
        return turn.State.Open!;
    }

    /// <summary>The new member was seen working.</summary>
    internal static void Verify(Turn turn, MemberState member)
    {
        if (turn.State.Open is { Switched: not null, Verified: null } open && open.To.Equals(member.Member))
        {
            Tell(turn, open with { Revision = open.Revision + 1, Verified = turn.Now, IsFinal = true });
        }
    }

    /// <summary>Callers see the new member, or it is not known whether they do.</summary>
    internal static bool Seen(Turn turn, VisibleCompleted seen)
    {
        if (turn.State.Open is not { Switched: not null } open || !open.To.Equals(seen.Member))
        {
            return false;
        }

        Tell(turn, open with { Revision = open.Revision + 1, Visible = seen.IsVisible ? turn.Now : null, IsFinal = true });
        return true;
    }

    /// <summary>When a record that has not got all its times ends without them.</summary>
    internal static TimeSpan? EndsAt(Switchover open, GroupSettings settings) =>
        open.Switched is { } switched ? switched.Elapsed + (settings.VisibleWithin ?? settings.MaxSwitchTime) : open.Decided?.Elapsed + settings.MaxSwitchTime;

    /// <summary>Ends the record that waits too long for its last time, and one that somebody asked for and that did not come.</summary>
    internal static void Settle(Turn turn)
    {
        if (turn.State.Open is not { } open)
        {
            return;
        }

        if (!turn.State.Switch.InFlight && IsVain(turn.State, open))
        {
            Close(turn);
            return;
        }

        bool late = EndsAt(open, turn.Settings) <= turn.Elapsed;
        bool insists = open.Switched is null && open.Cause is not (SwitchoverCause.Manual or SwitchoverCause.Switchback);
        if (late && !insists && !turn.State.Switch.InFlight)
        {
            Close(turn);
            if (open.Switched is null)
            {
                // Nobody is hurt by its absence: let it rest before it is tried again.
                turn.State = turn.State with
                {
                    Requested = open.Cause == SwitchoverCause.Manual ? null : turn.State.Requested,
                    Switch = turn.State.Switch with { NoSwitchbackBefore = turn.Elapsed + turn.Settings.MaxSwitchTime },
                };
            }
        }
    }

    /// <summary>Whether what is yet to be made cannot be made any more. Where the order of preference decides, an unhealthy target is replaced by the elector.</summary>
    private static bool IsVain(GroupState state, Switchover open) =>
        open.Switched is null && (state.Find(open.To) is not { } target || (target.Verdict == Verdict.Unhealthy && state.Settings.Elector == ElectorKind.Role));

    /// <summary>Ends the record that is open, as far as it has come.</summary>
    internal static void Close(Turn turn)
    {
        if (turn.State.Open is { } open)
        {
            // Who asked for what did not come to be is told why.
            bool isAbandoned = open.Switched is null;
            string? evidence = isAbandoned && open.Cause == SwitchoverCause.Manual ? turn.State.Switch.Evidence ?? open.Evidence : open.Evidence;
            Tell(turn, open with { Revision = open.Revision + 1, IsFinal = true, Outcome = isAbandoned ? SwitchoverOutcome.Abandoned : SwitchoverOutcome.Completed, Evidence = evidence });
            turn.State = turn.State with { Desired = Desired(turn, turn.State.Active), Switch = turn.State.Switch with { Evidence = null } };
        }
    }

    private static Switchover New(Turn turn, MemberState to, SwitchoverCause cause, Moment? decided)
    {
        MemberState? from = turn.State.Removed ?? turn.State.Find(turn.State.LastActive);
        return new()
        {
            Id = turn.NextId(),
            Revision = 0,
            Group = turn.Settings.Group,
            Cause = cause,
            From = to.Member.Equals(turn.State.LastActive) ? null : turn.State.LastActive,
            To = to.Member,
            Epoch = to.Epoch,
            Evidence = from?.Evidence,
            LastGood = from?.LastGood,
            FirstFailure = from?.Failing?.Since,
            Detected = from?.Failing?.Detected ?? (cause == SwitchoverCause.Failover ? turn.Now : null),
            Decided = decided,
        };
    }

    private static void Tell(Turn turn, Switchover switchover)
    {
        turn.State = turn.State with { Open = switchover.IsFinal ? null : switchover, Last = switchover };
        turn.Emit(new Publish(switchover));
    }

    private static bool Decides(Turn turn, SwitchoverCause cause) => turn.Settings.Elector == ElectorKind.Priority && cause != SwitchoverCause.External;

    /// <summary>Where others elect, nothing is desired but what somebody asks for.</summary>
    private static FailoverMember? Desired(Turn turn, FailoverMember? active) => turn.Settings.Elector == ElectorKind.Priority ? active : null;
}
