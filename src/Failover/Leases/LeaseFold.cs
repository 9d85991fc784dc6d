using System.Collections.Immutable;

namespace Failover.Leases;

/// <summary>Decides what becomes of a lease. Pure: the time is an argument, and what is to be done is given back.</summary>
internal static class LeaseFold
{
    internal const string TimeIsOver = "its time ran out before the store had renewed it";
    internal const string NotOurs = "the store holds it no longer for this process";
    internal const string TooLate = "it was granted too late, or for too short a time";

    internal static (LeaseState State, ImmutableArray<LeaseEffect> Effects) Apply(LeaseState state, LeaseEvent happened, Moment now)
    {
        if (state.Phase == LeasePhase.Over)
        {
            return (state, []);
        }

        // First of all, whatever it was that woke us: a process that was paused finds out here.
        if (state.Phase == LeasePhase.Held && state.IsOver(now))
        {
            // A renewal that is under way may still make the store keep it for nobody. Who gives it back now has lost it before.
            return (Ended(state), [new TellOver(TimeIsOver), new Release()]);
        }

        return happened switch
        {
            Asked => (state with { Operation = 1, InFlight = true, SentAt = now }, [new Take(1)]),
            GivenBack given => (Ended(state), state.Phase == LeasePhase.Held ? [new TellOver(given.Why), new Release()] : [new TellNotGranted(null, null), new Release()]),
            TakeAnswered answered when IsCurrent(state, answered.Operation) => Taken(state, answered.Answer, now),
            RenewalAnswered answered when IsCurrent(state, answered.Operation) => Renewed(state, answered.Grant, now),
            CallFailed failed when IsCurrent(state, failed.Operation) => Failed(state, failed.Evidence, now),
            TimePassed when state is { Phase: LeasePhase.Held, InFlight: false } && state.NextRenewal <= now.Elapsed => Begun(state, now),
            _ => (state, []),
        };
    }

    private static bool IsCurrent(LeaseState state, int operation) => state.InFlight && state.Operation == operation;

    private static (LeaseState State, ImmutableArray<LeaseEffect> Effects) Taken(LeaseState state, LeaseAnswer answer, Moment now)
    {
        if (answer.Grant is not { } grant)
        {
            return (Ended(state), [new TellNotGranted(answer, null)]);
        }

        LeaseState held = Held(state, grant);
        return held.IsOver(now) ? (Ended(state), [new TellNotGranted(null, TooLate), new Release()]) : (held, [new TellGranted(grant)]);
    }

    private static (LeaseState State, ImmutableArray<LeaseEffect> Effects) Renewed(LeaseState state, LeaseGrant? grant, Moment now)
    {
        if (grant is null || grant.Epoch != state.Grant!.Epoch)
        {
            return (Ended(state), [new TellOver(NotOurs), new Release()]);
        }

        LeaseState held = Held(state, grant);
        return held.IsOver(now) ? (Ended(state), [new TellOver(TimeIsOver), new Release()]) : (held, []);
    }

    private static (LeaseState State, ImmutableArray<LeaseEffect> Effects) Failed(LeaseState state, string evidence, Moment now) =>
        state.Phase == LeasePhase.Asking
            ? (Ended(state), [new TellNotGranted(null, evidence), new Release()])
            : (state with { InFlight = false, NextRenewal = now.Elapsed + state.Settings.RetryPause }, [new TellNotRenewed(evidence)]);

    private static (LeaseState State, ImmutableArray<LeaseEffect> Effects) Begun(LeaseState state, Moment now)
    {
        int operation = state.Operation + 1;
        return (state with { Operation = operation, InFlight = true, SentAt = now }, [new Renew(operation)]);
    }

    private static LeaseState Held(LeaseState state, LeaseGrant grant)
    {
        TimeSpan validity = state.Settings.Validity(grant);
        return state with
        {
            Phase = LeasePhase.Held,
            Grant = grant,
            InFlight = false,
            ValidUntil = new(state.SentAt.Elapsed + validity, state.SentAt.Utc + validity),
            NextRenewal = state.SentAt.Elapsed + state.Settings.RenewAfter(grant),
        };
    }

    private static LeaseState Ended(LeaseState state) => state with { Phase = LeasePhase.Over, InFlight = false };
}
