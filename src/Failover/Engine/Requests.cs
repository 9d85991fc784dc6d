namespace Failover.Engine;

/// <summary>Takes in what people and hints ask for.</summary>
internal static class Requests
{
    private static readonly TimeSpan HintGap = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxHold = TimeSpan.FromSeconds(30);

    internal static bool Hint(Turn turn, Hint hint)
    {
        if (hint.QuorumEpoch is { } epoch)
        {
            Bind(turn, hint.Member, epoch);
        }

        if (hint.Kind == HintKind.Hold && turn.Settings.Elector == ElectorKind.Role && turn.State.Active is not null)
        {
            Hold(turn, hint.HoldFor);
        }

        for (int i = 0; i < turn.State.Members.Length; i++)
        {
            MemberState member = turn.State.Members[i];
            // A probe that was left behind is waited for: it cannot be hurried, and the wait must not count sooner as a failure.
            if (!member.Stuck && (hint.Member is null || member.Member.Equals(hint.Member)))
            {
                TimeSpan at = Schedule.Soonest(member, HintGap, turn.Elapsed);
                turn.Set(i, member with { LookAgain = member.Probing, NextProbe = at < member.NextProbe ? at : member.NextProbe });
            }
        }

        return true;
    }

    /// <summary>
    /// Lets writers wait. Holds that follow each other are one, however many there are: what is announced again and again and never comes must not keep writers waiting for ever. After a rest as long as the longest hold they count anew.
    /// </summary>
    private static void Hold(Turn turn, TimeSpan length)
    {
        TimeSpan now = turn.Elapsed;
        TimeSpan since = turn.State.HoldSince is { } first && now < turn.State.HoldsApartFrom ? first : now;
        TimeSpan asked = now + (length < MaxHold ? length : MaxHold);
        TimeSpan until = asked < since + MaxHold ? asked : since + MaxHold;
        turn.State = turn.State with { HoldUntil = until, HoldSince = since, HoldsApartFrom = (until > now ? until : now) + MaxHold };
    }

    /// <summary>A quorum binds a member to an epoch: whoever is bound to, or proves, a lower one is no longer taken.</summary>
    private static void Bind(Turn turn, FailoverMember? member, Epoch epoch)
    {
        turn.State = turn.State with { Epochs = turn.State.Epochs.Raise(epoch).Heard(epoch, turn.Elapsed) };
        int index = turn.State.IndexOf(member);
        if (index < 0)
        {
            return;
        }

        // Quorums' words overtake each other: what was bound later stays.
        MemberState known = turn.State.Members[index];
        bool late = known.Proof.BoundEpoch is { } bound && string.Equals(bound.Lineage, epoch.Lineage, StringComparison.Ordinal) && bound.Number > epoch.Number;
        if (!late)
        {
            turn.Set(index, known with { Proof = known.Proof with { BoundEpoch = epoch } });
        }
    }

    internal static bool Switch(Turn turn, SwitchRequested request)
    {
        GroupState state = turn.State;
        string? refusal = Refusal(turn, state.Find(request.Target), request.Target);
        Guid? switchover = null;
        if (refusal is null && request.Target.Equals(state.Active))
        {
            if (state.Open is { Switched: null })
            {
                Records.Close(turn);
            }

            Remember(turn, request.Target);
        }
        else if (refusal is null)
        {
            MemberState target = state.Find(request.Target)!;
            Remember(turn, target.Member);
            if (turn.Settings.HasSwitcher)
            {
                switchover = Records.Announce(turn, target, SwitchoverCause.Manual).Id;
                turn.State = turn.State with { Switch = turn.State.Switch with { NotBefore = turn.Elapsed, Failures = 0 } };
            }
            else
            {
                Records.Become(turn, target, state.LastActive is null ? SwitchoverCause.Initial : SwitchoverCause.Manual);
                switchover = turn.State.Last?.Id;
            }
        }

        turn.State = turn.State with { LastRequest = new(request.Request, refusal, switchover) };
        return true;
    }

    private static string? Refusal(Turn turn, MemberState? target, FailoverMember asked) =>
        target is null ? $"{asked.Name} is not a member of {turn.Settings.Group}."
        : turn.Settings.Elector == ElectorKind.Role && !turn.Settings.HasSwitcher ? $"The members of {turn.Settings.Group} elect their primary themselves."
        : target.Verdict != Verdict.Healthy ? $"{asked.Name} is {target.Verdict}{(target.Evidence is null ? "" : ": " + target.Evidence)}."
        : target.IsDrained ? $"{asked.Name} is drained."
        : turn.State.Switch.InFlight && turn.State.Switch.InFlightTarget is { } other ? $"A switch to {other.Name} is under way."
        : turn.Settings.HasSwitcher && turn.Settings.Elector == ElectorKind.Priority && !turn.State.Switch.HasRead ? "The authority has not been read yet."
        : null;

    /// <summary>The member asked for stands before the order, unless it is the first of it anyway.</summary>
    private static void Remember(Turn turn, FailoverMember target) =>
        turn.State = turn.State with { Requested = turn.State.IndexOf(target) == 0 && !turn.Settings.HasSwitcher ? null : target };

    internal static bool Drain(Turn turn, Drained drained)
    {
        int index = turn.State.IndexOf(drained.Member);
        if (index < 0)
        {
            return false;
        }

        MemberState member = turn.State.Members[index];
        turn.Set(index, drained.Until > turn.Elapsed ? member with { DrainedUntil = drained.Until, DrainWord = DrainWord.None } : member.Undrained(turn.Elapsed));
        return true;
    }

    internal static bool Pin(Turn turn, PinChanged pin)
    {
        turn.State = turn.State with { Pinned = pin.Pinned };
        return true;
    }

    internal static bool Trust(Turn turn, LineageTrusted trusted)
    {
        turn.State = turn.State with { Epochs = turn.State.Epochs.Trust(trusted.Lineage, turn.Elapsed) };
        return true;
    }
}
