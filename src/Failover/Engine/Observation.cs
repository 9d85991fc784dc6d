namespace Failover.Engine;

/// <summary>Takes in what was seen of a member: probes, meters, and time without an answer.</summary>
internal static class Observation
{
    /// <returns>Whether the event says anything; false for an answer that comes too late.</returns>
    internal static bool Probe(Turn turn, ProbeCompleted probe)
    {
        int index = turn.State.IndexOf(probe.Member);
        if (index < 0)
        {
            return false;
        }

        MemberState member = turn.State.Members[index];
        if (member.Incarnation != probe.Incarnation || member.Attempt != probe.Attempt || !(member.Probing || member.Stuck))
        {
            return false;
        }

        if (member.Stuck)
        {
            // The probe that was left behind has ended: what it says is too late, but the next may be sent.
            turn.Set(index, member with { Stuck = probe.StillRunning });
            return !probe.StillRunning;
        }

        bool wasPutOff = member.PutOffAsks != 0;
        member = member with { Probing = false, Stuck = probe.StillRunning, PutOffAsks = probe.Attempt < member.PutOffAsks ? member.PutOffAsks : 0 };
        member = probe.Result.Outcome switch
        {
            ProbeOutcome.Succeeded => Verdicts.ProbeAnswered(Leaving.NotSaid(Told(turn, member, probe.Result), turn.Elapsed), turn.Now, turn.Settings),
            ProbeOutcome.Draining => Verdicts.ProbeAnswered(Leaving.SaidToProbe(Told(turn, member, probe.Result), probe.Result, turn.Elapsed), turn.Now, turn.Settings),
            ProbeOutcome.Failed => Leaving.Refused(Failed(turn, member, probe.Result), probe.Result, wasPutOff, turn.Elapsed),
            _ => Failed(turn, member, probe.Result),
        };
        turn.Set(index, Schedule.AfterProbe(turn, member));
        if (probe.Result.Outcome is ProbeOutcome.Succeeded or ProbeOutcome.Draining)
        {
            Records.Verify(turn, member);
        }

        return true;
    }

    internal static bool Meter(Turn turn, MeterRead read)
    {
        int index = turn.State.IndexOf(read.Member);
        if (index < 0 || turn.State.Members[index].Incarnation != read.Incarnation)
        {
            return false;
        }

        MemberState before = turn.State.Members[index];
        int elsewhere = read.Reading.Disputed > before.Reading.Disputed ? turn.State.Members.Sum(static m => m.Unconfirmed) - before.Unconfirmed : 0;
        MemberState after = Verdicts.Metered(before, read.Reading, elsewhere, turn.Now, turn.Settings);
        bool answered = read.Reading.Succeeded > before.Reading.Succeeded && turn.Settings.Elector == ElectorKind.Priority;
        if (after is { Verdict: Verdict.Suspect, Stuck: false } && !before.HangSuspected && (before.Verdict != Verdict.Suspect || after.HangSuspected || after.Unconfirmed > before.Unconfirmed))
        {
            after = Schedule.Sooner(turn, after);
        }
        else if (answered && after is { Verdict: Verdict.Healthy, Against: 0, DrainWord: not DrainWord.ToCalls, PutOffAsks: 0 })
        {
            after = after with { NextProbe = Schedule.Spared(turn, after) };
        }
        else if (answered && after is { Verdict: Verdict.Unhealthy, Refusals: > 0, Stuck: false })
        {
            // Only a probe can end its outage, and calls show that it may be over.
            after = Schedule.Sooner(turn, after);
        }

        after = Leaving.Heard(turn, after, before.Reading);
        turn.Set(index, after with { ReadAgain = turn.Elapsed + turn.Settings.HangAges.Pace });
        if (answered)
        {
            Records.Verify(turn, after);
        }

        return true;
    }

    /// <summary>A probe that was left behind and still runs when the next would be due is a further time without an answer; drains end.</summary>
    internal static void TimePassed(Turn turn)
    {
        for (int i = 0; i < turn.State.Members.Length; i++)
        {
            MemberState member = turn.State.Members[i];
            if (member.Stuck && member.NextProbe <= turn.Elapsed)
            {
                member = Verdicts.ProbeFailed(member, refused: false, Decision.MayWaitForAll(turn), "no answer; the probe ignores its timeout", turn.Now, turn.Settings);
                turn.Set(i, member = Schedule.AfterProbe(turn, member));
            }

            if (member.DrainedUntil is { } until && until <= turn.Elapsed)
            {
                turn.Set(i, member.Undrained(turn.Elapsed));
            }
        }
    }

    /// <summary>Takes in what the member said of itself.</summary>
    private static MemberState Told(Turn turn, MemberState member, ProbeResult result)
    {
        if (result.Epoch is { } epoch)
        {
            // A standby that follows an epoch shows as well as its primary that the epoch has begun.
            turn.State = turn.State with { Epochs = turn.State.Epochs.Heard(epoch, turn.Elapsed).Raise(epoch) };
        }
        else if (result.Role == MemberRole.Primary && member.Proof.BoundEpoch is { } bound)
        {
            turn.State = turn.State with { Epochs = turn.State.Epochs.Heard(bound, turn.Elapsed) };
        }

        MemberProof proof = member.Proof.Said(result.Role, result.Epoch, result.Lag);
        return ReferenceEquals(proof, member.Proof) ? member : member with { Proof = proof };
    }

    private static MemberState Failed(Turn turn, MemberState member, ProbeResult result) =>
        Verdicts.ProbeFailed(member, result.Outcome == ProbeOutcome.Failed, Decision.MayWaitForAll(turn), result.Evidence, turn.Now, turn.Settings);
}
