using Failover.Engine;

namespace Failover.Simulation.Checking;

/// <summary>How sure it is, from the events alone, what a correct engine must think of a member.</summary>
internal enum Standing
{
    /// <summary>No outcome yet.</summary>
    Unknown,

    Healthy,

    /// <summary>Has failed, less often than its thresholds ask.</summary>
    Suspect,

    Down,

    /// <summary>Cannot be told from the probes alone, since real calls had trouble too.</summary>
    Unsure,
}

/// <summary>What the events say of one member. Written from the documentation, not from the engine.</summary>
internal sealed class MemberLedger(FailoverMember member, TimeSpan since)
{
    internal FailoverMember Member { get; } = member;

    internal TimeSpan Since { get; } = since;

    internal Standing Standing { get; private set; }

    internal int Failures { get; private set; }

    /// <summary>Probes that it failed by its own word since one last succeeded: calls that succeed do not contradict them.</summary>
    private int Refusals { get; set; }

    internal int Successes { get; private set; }

    /// <summary>Whether it has ever answered, a probe or a call.</summary>
    private bool Heard { get; set; }

    internal TimeSpan? LastFailure { get; private set; }

    /// <summary>The last answer that came in time.</summary>
    internal ProbeResult? Answer { get; private set; }

    internal Epoch? Bound { get; set; }

    internal Epoch? Epoch => Answer?.Epoch ?? Bound;

    /// <summary>Whether its own last word is that it is primary, and it has not been given up since for certain.</summary>
    internal bool ClaimsPrimary => Answer?.Role == MemberRole.Primary && Standing is Standing.Healthy or Standing.Suspect;

    internal TimeSpan? DrainedUntil { get; private set; }

    /// <summary>Whether the member itself said that it is leaving, and that is why it is drained.</summary>
    internal bool SaysItLeaves { get; private set; }

    /// <summary>Whether a probe was told so, or refused since: then a probe that is answered well without the word takes it back.</summary>
    private bool SaysItToProbes { get; set; }

    /// <summary>The last probe that had been sent when a call was told to come later; null once a later one has ended.</summary>
    private long? PutOffAfter { get; set; }

    internal MeterReading Reading { get; private set; }

    /// <summary>Failed calls up to this total came before the last answer in time.</summary>
    private long FailedBefore { get; set; }

    /// <summary>Who is asked, and whether the time for the answer is over.</summary>
    internal (int Incarnation, long Attempt, bool LeftBehind)? Asked { get; set; }

    /// <summary>The number of the last probe that was sent.</summary>
    internal long LastAttempt { get; set; }

    internal void Succeeded(ProbeResult result, GroupSettings settings)
    {
        Answer = result;
        Heard = true;
        FailedBefore = Reading.Failed;
        Failures = Refusals = 0;
        Successes++;
        int needed = Standing switch
        {
            Standing.Down => settings.Rise,
            Standing.Unsure => Running.Scenario.MaxThreshold,
            _ => 1,
        };
        if (Successes >= needed)
        {
            Standing = Standing.Healthy;
        }
    }

    /// <param name="how">How the probe failed.</param>
    /// <param name="starting">Whether the group still waits for members that have not answered: then silence does not decide at once.</param>
    /// <param name="now">The time.</param>
    /// <param name="settings">The settings.</param>
    internal void Failed(ProbeOutcome how, bool starting, TimeSpan now, GroupSettings settings)
    {
        Refusals += how == ProbeOutcome.Failed ? 1 : 0;
        LastFailure = now;
        Successes = 0;
        Failures++;
        bool byOrder = settings.Elector == ElectorKind.Priority;
        bool firstIsEnough = !Heard && !(byOrder && settings.HasSwitcher) && !(byOrder && starting && how == ProbeOutcome.TimedOut);
        Standing = Standing switch
        {
            Standing.Unknown or Standing.Suspect when firstIsEnough => Standing.Down,
            Standing.Down => Standing.Down,
            _ when Refusals >= settings.Fall => Standing.Down,
            Standing.Unsure => Failures >= Running.Scenario.MaxThreshold ? Standing.Down : Standing.Unsure,
            _ => Failures >= settings.Fall ? Standing.Down : Standing.Suspect,
        };
    }

    /// <summary>A probe that was left behind may have counted as a failure, or not yet.</summary>
    internal void Waited()
    {
        if (Standing != Standing.Down)
        {
            Successes = 0;
            Failures = 0;
            Standing = Standing.Unsure;
        }
    }

    internal void Called(MeterReading reading, GroupSettings settings)
    {
        bool failed = reading.Failed > Reading.Failed;
        bool trouble = failed || reading.Disputed > Reading.Disputed || reading.Overdue > 0;
        bool success = reading.Succeeded > Reading.Succeeded && settings.Elector == ElectorKind.Priority;
        Reading = reading;
        if (success)
        {
            Heard = true;
            Failures = Refusals;
        }

        // Calls say nothing for certain of a member that is known to be down, or to have failed its last probes by its own word.
        bool kept = Refusals > 0 && (Standing == Standing.Down || (Standing == Standing.Suspect && !trouble));
        if (!kept && (trouble || (success && Standing != Standing.Healthy)))
        {
            Successes = 0;
            Failures = 0;
            Standing = Standing.Unsure;
        }

        // Calls alone decide where enough of them have failed in a row since the last success of either kind.
        bool enough = reading.FailuresInARow >= settings.FailuresInARow && reading.Failed - FailedBefore >= settings.FailuresInARow;
        if (failed && enough && !success)
        {
            Standing = Standing.Down;
        }
    }

    /// <summary>People say that it is drained, until then; or not.</summary>
    internal void Drained(TimeSpan? until)
    {
        DrainedUntil = until;
        SaysItLeaves = SaysItToProbes = false;
    }

    /// <summary>What a probe was told of its leaving.</summary>
    internal void Told(ProbeCompleted probe, TimeSpan now)
    {
        bool wasPutOff = PutOffAfter is not null;
        PutOffAfter = probe.Attempt > PutOffAfter ? null : PutOffAfter;
        switch (probe.Result.Outcome)
        {
            case ProbeOutcome.Draining:
                Says(probe.Result.DrainFor ?? TimeSpan.FromSeconds(60), toProbe: true, now);
                break;
            case ProbeOutcome.Succeeded when SaysItToProbes:
                Drained(null);
                break;
            case ProbeOutcome.Failed when wasPutOff && probe.Result.DrainFor is { } time:
                Says(time, toProbe: true, now);
                PutOffAfter = null;
                break;
            case ProbeOutcome.Failed:
                SaysItToProbes = SaysItLeaves;
                break;
            default:
                break;
        }
    }

    /// <summary>What calls were told of its leaving.</summary>
    internal void Told(MeterReading reading, TimeSpan now)
    {
        if (reading.Drains > Reading.Drains)
        {
            Says(reading.DrainFor, toProbe: false, now);
        }

        if (reading.PutOff > Reading.PutOff)
        {
            PutOffAfter ??= LastAttempt;
        }
    }

    private void Says(TimeSpan time, bool toProbe, TimeSpan now)
    {
        if (DrainedUntil is not null && !SaysItLeaves)
        {
            return;
        }

        TimeSpan until = now + (time < TimeSpan.FromSeconds(60) ? time : TimeSpan.FromSeconds(60));
        DrainedUntil = DrainedUntil > until ? DrainedUntil : until;
        SaysItLeaves = true;
        SaysItToProbes |= toProbe;
    }
}
