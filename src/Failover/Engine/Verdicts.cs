using System.Globalization;

namespace Failover.Engine;

/// <summary>Outcomes to verdicts, for one member.</summary>
internal static class Verdicts
{
    /// <summary>A probe of the member succeeded.</summary>
    internal static MemberState ProbeAnswered(MemberState member, Moment now, GroupSettings settings) =>
        Answered(member.Refusals == 0 ? member : member with { Refusals = 0 }, 1, now, settings);

    /// <summary>
    /// Calls succeeded. They contradict probes that gave no answer, whose fault may be our own; not a member that refused its probe, or broke it off: only a probe that succeeds does that.
    /// </summary>
    private static MemberState CallsAnswered(MemberState member, int times, Moment now, GroupSettings settings) =>
        member.Refusals == 0 ? Answered(member, times, now, settings)
        : member with { Against = member.Verdict == Verdict.Unhealthy ? member.Against : member.Refusals, Unconfirmed = 0, HangSuspected = false };

    /// <summary>The member answered <paramref name="times"/> times in a row.</summary>
    private static MemberState Answered(MemberState member, int times, Moment now, GroupSettings settings)
    {
        if (member.Unconfirmed > 0 || member.HangSuspected)
        {
            member = member with { Unconfirmed = 0, HangSuspected = false };
        }

        if (member.Verdict == Verdict.Unhealthy && member.Against + times < settings.Rise)
        {
            return member with { Against = member.Against + times };
        }

        return member.Verdict == Verdict.Healthy
            ? member with { Against = 0, LastGood = now }
            : member with
            {
                Verdict = Verdict.Healthy,
                Against = 0,
                HealthySince = now.Elapsed,
                LastGood = now,
                Failing = null,
                Evidence = member.DrainWord != DrainWord.None ? member.Evidence : null,
                DownProbes = 0,

                // After an outage the count of failed calls begins anew; after a mere suspicion it goes on.
                FailedBefore = member.Verdict == Verdict.Unhealthy ? member.Reading.Failed : member.FailedBefore,
                Window = member.Verdict == Verdict.Unhealthy ? default : member.Window,
            };
    }

    /// <summary>A probe of the member failed.</summary>
    /// <param name="member">The member.</param>
    /// <param name="refused">Whether by the member's own word; else there was no answer.</param>
    /// <param name="starting">Whether it is still time to hear members that have not answered.</param>
    /// <param name="evidence">A short reason.</param>
    /// <param name="now">The time.</param>
    /// <param name="settings">The settings.</param>
    internal static MemberState ProbeFailed(MemberState member, bool refused, bool starting, string? evidence, Moment now, GroupSettings settings)
    {
        member = refused ? member with { Refusals = member.Refusals + 1 } : member;
        if (member.Verdict == Verdict.Unhealthy)
        {
            return member with { Against = 0, DownProbes = member.DownProbes + 1, Evidence = evidence ?? member.Evidence };
        }

        // A server that is only just awake may miss one probe: while the group starts, silence is no answer yet.
        bool waits = starting && !refused && settings.Elector == ElectorKind.Priority;
        if (member.IsUnheard && FirstDecides(settings) && !waits)
        {
            return GivenUp(member, evidence, now);
        }

        // The failed calls that were in doubt count now; overdue calls and a failed probe together are enough.
        int against = member.Against + 1 + member.Unconfirmed;
        return member.HangSuspected || against >= settings.Fall ? GivenUp(member, evidence, now) : Suspected(member, evidence, now) with { Against = against, Unconfirmed = 0 };
    }

    /// <summary>Takes in what real calls wrote. Where members prove a role, a call that succeeds proves nothing.</summary>
    /// <param name="member">The member.</param>
    /// <param name="reading">What its meter shows.</param>
    /// <param name="elsewhere">How many calls failed on other members that may be at fault themselves, and are in doubt there still.</param>
    /// <param name="now">The time.</param>
    /// <param name="settings">The settings.</param>
    internal static MemberState Metered(MemberState member, MeterReading reading, int elsewhere, Moment now, GroupSettings settings)
    {
        int succeeded = Difference(reading.Succeeded, member.Reading.Succeeded);
        int failed = Difference(reading.Failed, member.Reading.Failed);
        int disputed = Difference(reading.Disputed, member.Reading.Disputed);
        int settled = Difference(member.Reading.Disputed, reading.Disputed);
        member = member with { Reading = reading, Window = member.Window.Add(succeeded, failed, now.Elapsed, settings.FailureWindow) };

        // The successes came before the failures that are in a row now.
        if (succeeded > 0 && settings.Elector == ElectorKind.Priority)
        {
            bool recovers = member.Verdict == Verdict.Unhealthy;
            member = CallsAnswered(member, succeeded, now, settings);
            if (recovers && member.Verdict == Verdict.Healthy)
            {
                member = member with { FailedBefore = reading.Failed - reading.FailuresInARow };
            }
        }

        if (member.Unconfirmed > 0 && (settled > 0 || succeeded > 0))
        {
            // How those fared elsewhere is known: they count as failed now, or not at all. After a success none of them is in a row with what fails now.
            member = member with { Unconfirmed = succeeded > 0 ? 0 : Math.Max(0, member.Unconfirmed - settled) };
        }

        if (failed > 0 && reading.FailuresInARow > 0)
        {
            member = CallsFailed(member, wereInDoubt: settled >= failed, now, settings);
        }

        if (disputed > 0 && member.Verdict != Verdict.Unhealthy)
        {
            int doubtful = member.Unconfirmed + disputed;
            member = Doubted(member, InDoubt(doubtful, elsewhere), now) with { Unconfirmed = doubtful };

            // The probe that would confirm them has failed already, by the member's own word.
            member = member.Refusals > 0 && member.Against + doubtful >= settings.Fall ? GivenUp(member, member.Evidence, now) : member;
        }

        if (reading.Overdue >= settings.HangCalls && member.Verdict is Verdict.Healthy or Verdict.Suspect && !member.HangSuspected)
        {
            member = Doubted(member, $"{reading.Overdue} calls wait, the oldest for {reading.OldestWaiting.TotalSeconds:0.###} s", now) with { HangSuspected = true };
        }

        return member;
    }

    /// <param name="member">The member.</param>
    /// <param name="wereInDoubt">Whether the calls that failed stood in doubt before: where that was cleared since, they do not make the member suspect again.</param>
    /// <param name="now">The time.</param>
    /// <param name="settings">The settings.</param>
    private static MemberState CallsFailed(MemberState member, bool wereInDoubt, Moment now, GroupSettings settings)
    {
        if (member.Verdict == Verdict.Unhealthy)
        {
            return member with { Against = 0 };
        }

        bool first = member.IsUnheard && FirstDecides(settings);
        // A call that failed for certain confirms those that were in doubt.
        long inARow = Math.Min(member.Reading.FailuresInARow, member.Reading.Failed - member.FailedBefore) + member.Unconfirmed;
        bool tooMany = member.Window.Total >= settings.FailureRateMinimum && member.Window.FailureRate >= settings.FailureRate;
        string evidence = inARow >= settings.FailuresInARow || !tooMany
            ? inARow == 1 ? "1 call failed" : $"{inARow} calls failed in a row"
            : string.Create(CultureInfo.InvariantCulture, $"{member.Window.FailureRate * 100:0} % of {member.Window.Total} calls failed");
        return first || inARow >= settings.FailuresInARow || tooMany ? GivenUp(member, evidence, now)
            : wereInDoubt && member.Verdict == Verdict.Healthy ? member
            : Suspected(member, evidence, now);
    }

    /// <summary>A call that went to one member only is in doubt as well: nothing is said of others on which none was seen.</summary>
    private static string InDoubt(int calls, int elsewhere) =>
        (calls == 1 ? "1 call failed, and may be at fault itself" : $"{calls} calls failed, and may be at fault themselves")
        + (elsewhere == 0 ? null : $"; so may {elsewhere} that failed on other members");

    /// <summary>Something that a probe has to confirm: a member without any outcome stays unknown.</summary>
    private static MemberState Doubted(MemberState member, string evidence, Moment now) =>
        member.Verdict == Verdict.Unknown ? member : Suspected(member, evidence, now);

    private static MemberState Suspected(MemberState member, string? evidence, Moment now) => member with
    {
        Verdict = Verdict.Suspect,
        Failing = member.Failing ?? new(now, null),
        Evidence = evidence ?? member.Evidence,
    };

    private static MemberState GivenUp(MemberState member, string? evidence, Moment now) => member with
    {
        Verdict = Verdict.Unhealthy,
        Failing = new(member.Failing?.Since ?? now, now),
        Evidence = evidence ?? member.Evidence,
        Against = 0,
        Unconfirmed = 0,
        HangSuspected = false,
        DownProbes = 0,
        Proof = member.Proof.Said(MemberRole.Unknown, member.Proof.OwnEpoch, null),
    };

    /// <summary>What stands outside is not moved for one lost probe after a restart; where nothing is moved, the first outcome decides at once.</summary>
    private static bool FirstDecides(GroupSettings settings) => !settings.HasSwitcher || settings.Elector == ElectorKind.Role;

    private static int Difference(long total, long before) => (int)Math.Clamp(total - before, 0, int.MaxValue);
}
