using Failover.Detection;

namespace Failover.Engine;

/// <summary>
/// Takes in what a member says of its own leaving, to calls and to probes. Its word is no failure, and counts for as long as it asks for, at most a minute from the last time that it said it. What people have said of a drain stands above it.
/// </summary>
internal static class Leaving
{
    /// <summary>A probe was told.</summary>
    internal static MemberState SaidToProbe(MemberState member, ProbeResult result, TimeSpan now) =>
        Said(member, DrainWord.ToProbe, result.DrainFor ?? OwnDrain.Longest, result.Evidence, now);

    /// <summary>A probe was answered well, without the word.</summary>
    internal static MemberState NotSaid(MemberState member, TimeSpan now) => member.DrainWord == DrainWord.ToProbe ? member.Undrained(now) : member;

    /// <summary>A probe was answered with a no. Where a call was told when to come again, and the probe as well, the two are believed.</summary>
    internal static MemberState Refused(MemberState member, ProbeResult result, bool wasPutOff, TimeSpan now) =>
        wasPutOff && result.DrainFor is { } duration ? Said(member, DrainWord.ToProbe, duration, result.Evidence, now) with { PutOffAsks = 0 }
        : member.DrainWord == DrainWord.ToCalls ? member with { DrainWord = DrainWord.ToProbe }
        : member;

    /// <summary>Calls were told: that it is leaving, or to come later, which only a probe can confirm.</summary>
    internal static MemberState Heard(Turn turn, MemberState member, MeterReading before)
    {
        MeterReading reading = member.Reading;
        bool asks = false;
        if (reading.Drains > before.Drains && reading.DrainFor > TimeSpan.Zero)
        {
            // Whether its probe is told as well says what ends the drain.
            asks = !member.IsDrained;
            member = Said(member, DrainWord.ToCalls, reading.DrainFor, "told a call that it is leaving", turn.Elapsed);
        }

        if (reading.PutOff > before.PutOff && member.PutOffAsks == 0)
        {
            // The answer of a probe that is under way may be older than the call's.
            asks = true;
            member = member with { PutOffAsks = member.Attempt + 1, LookAgain = member.LookAgain || member.Probing };
        }

        return asks && !member.Stuck ? Schedule.Sooner(turn, member) : member;
    }

    private static MemberState Said(MemberState member, DrainWord to, TimeSpan duration, string? evidence, TimeSpan now)
    {
        if (member.IsDrained && member.DrainWord == DrainWord.None)
        {
            return member;
        }

        TimeSpan until = now + (duration < OwnDrain.Longest ? duration : OwnDrain.Longest);
        return member with
        {
            DrainedUntil = member.DrainedUntil > until ? member.DrainedUntil : until,
            DrainWord = member.DrainWord > to ? member.DrainWord : to,
            Evidence = member.IsDrained ? member.Evidence : evidence ?? member.Evidence,
        };
    }
}
