using Failover.Detection;
using Failover.Election;

namespace Failover.Engine;

/// <summary>What is known of one member. Immutable.</summary>
internal sealed record MemberState(FailoverMember Member, int Incarnation) : ICandidate
{
    public Verdict Verdict { get; init; }

    /// <summary>Outcomes in a row that speak against the verdict.</summary>
    internal int Against { get; init; }

    internal MemberProof Proof { get; init; } = MemberProof.None;

    public MemberRole Role => Proof.Role;

    public Epoch? Epoch => Proof.OwnEpoch ?? Proof.BoundEpoch;

    /// <summary>Since when the member has been healthy and not drained, without a break.</summary>
    public TimeSpan HealthySince { get; init; }

    internal Moment? LastGood { get; init; }

    public TimeSpan SeenGood => LastGood?.Elapsed ?? TimeSpan.MinValue;

    /// <summary>Since when the member has been failing; null while it works.</summary>
    internal Failing? Failing { get; init; }

    internal string? Evidence { get; init; }

    /// <summary>The end of its drain; null if it is not drained.</summary>
    internal TimeSpan? DrainedUntil { get; init; }

    /// <summary>To whom the member itself said that it is leaving, where that is why it is drained.</summary>
    internal DrainWord DrainWord { get; init; }

    /// <summary>The number of the first probe after a call was told to come later: what it says of that is the last word. 0 if there is no such question.</summary>
    internal long PutOffAsks { get; init; }

    /// <summary>Whether nothing has been heard of it: no answer, no refusal, no call that ended. It may have been silent.</summary>
    internal bool IsUnheard => Verdict == Verdict.Unknown || (Verdict == Verdict.Suspect && LastGood is null);

    public bool IsDrained => DrainedUntil is not null;

    /// <summary>The number of the last probe; 0 before the first.</summary>
    internal long Attempt { get; init; }

    /// <summary>Whether that probe is under way and in time.</summary>
    internal bool Probing { get; init; }

    /// <summary>Whether that probe was left behind and goes on.</summary>
    internal bool Stuck { get; init; }

    internal TimeSpan NextProbe { get; init; }

    internal TimeSpan LastProbeStart { get; init; } = TimeSpan.MinValue;

    /// <summary>Probes sent since the member was given up: the wait between them grows.</summary>
    internal int DownProbes { get; init; }

    /// <summary>Probes that the member failed by its own word since one last succeeded: calls that succeed do not contradict them.</summary>
    internal int Refusals { get; init; }

    /// <summary>Failed calls that a failing probe would confirm.</summary>
    internal int Unconfirmed { get; init; }

    /// <summary>Whether overdue calls made the member suspect: the next failed probe decides.</summary>
    internal bool HangSuspected { get; init; }

    /// <summary>Whether somebody asked for a look while a probe was under way, which may have seen the state before.</summary>
    internal bool LookAgain { get; init; }

    /// <summary>Failed calls up to this total belong to an earlier outage.</summary>
    internal long FailedBefore { get; init; }

    internal MeterReading Reading { get; init; }

    /// <summary>When the meter is to be read again if calls wait.</summary>
    internal TimeSpan ReadAgain { get; init; }

    internal FailureWindow Window { get; init; }

    /// <summary>The drain is over: what the member was before does not count towards a hold-down.</summary>
    internal MemberState Undrained(TimeSpan now) => !IsDrained ? this : this with
    {
        DrainedUntil = null,
        DrainWord = DrainWord.None,
        HealthySince = now,
        Evidence = DrainWord != DrainWord.None && Verdict == Verdict.Healthy ? null : Evidence,
    };
}
