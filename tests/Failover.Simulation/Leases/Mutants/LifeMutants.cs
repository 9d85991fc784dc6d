using System.Collections.Immutable;
using Failover.Leases;
using Failover.Simulation.Leases.Checking.Invariants;

namespace Failover.Simulation.Leases.Mutants;

/// <summary>A renewal that is answered after the lease was over brings it back.</summary>
internal sealed class RevivesWhatIsOver() : LeaseMutant(typeof(OverStaysOver))
{
    internal override (LeaseState State, ImmutableArray<LeaseEffect> Effects) Apply(LeaseState state, LeaseEvent happened, Moment now) =>
        state is { Phase: LeasePhase.Over, Grant: not null } && happened is RenewalAnswered { Grant: not null } late
            ? LeaseFold.Apply(state with { Phase = LeasePhase.Held, InFlight = true, Operation = late.Operation, ValidUntil = new(TimeSpan.MaxValue, DateTimeOffset.MaxValue) }, happened, now)
            : LeaseFold.Apply(state, happened, now);
}

/// <summary>Takes an answer for that to the call which is under way, whichever it belongs to.</summary>
internal sealed class TakesAnyAnswer() : LeaseMutant(typeof(LateAnswersToLeasesChangeNothing))
{
    internal override (LeaseState State, ImmutableArray<LeaseEffect> Effects) Apply(LeaseState state, LeaseEvent happened, Moment now) =>
        LeaseFold.Apply(state, happened is RenewalAnswered late ? late with { Operation = state.Operation } : happened, now);
}

internal sealed class DoesNotWaitForAnswers() : LeaseMutant(typeof(OneCallAtATime))
{
    internal override (LeaseState State, ImmutableArray<LeaseEffect> Effects) Apply(LeaseState state, LeaseEvent happened, Moment now)
    {
        LeaseState bent = happened is TimePassed ? state with { InFlight = false } : state;
        (LeaseState next, ImmutableArray<LeaseEffect> effects) = LeaseFold.Apply(bent, happened, now);
        return (ReferenceEquals(next, bent) ? state : next, effects);
    }
}

/// <summary>While a renewal is under way it waits for the answer, and for nothing else.</summary>
internal sealed class WakesForAnswersOnly() : LeaseMutant(typeof(LossIsToldAtOnce))
{
    internal override TimeSpan? NextWake(LeaseState state, Moment now) => state.InFlight ? null : state.NextWake(now);
}

/// <summary>Goes by its timer until the next renewal: a machine that slept learns of it only then.</summary>
internal sealed class LooksOnlyWhenItRenews() : LeaseMutant(typeof(LossIsToldAtOnce))
{
    internal override TimeSpan? NextWake(LeaseState state, Moment now) => state.Phase != LeasePhase.Held ? null : state.InFlight || state.NextRenewal > state.ValidUntil.Elapsed ? state.ValidUntil.Elapsed : state.NextRenewal;
}

/// <summary>Has itself woken for a renewal, and does not begin one.</summary>
internal sealed class IsWokenForNothing() : LeaseMutant(typeof(TimersRingForSomething))
{
    internal override (LeaseState State, ImmutableArray<LeaseEffect> Effects) Apply(LeaseState state, LeaseEvent happened, Moment now) =>
        happened is TimePassed && !state.IsOver(now) ? (state, []) : LeaseFold.Apply(state, happened, now);
}

/// <summary>Looks at the clock when its timer rings, and not when an answer has come.</summary>
internal sealed class LooksOnlyWhenTheTimerRings() : LeaseMutant(typeof(LossIsToldAtOnce))
{
    internal override (LeaseState State, ImmutableArray<LeaseEffect> Effects) Apply(LeaseState state, LeaseEvent happened, Moment now) =>
        happened is CallFailed && state.Phase == LeasePhase.Held ? (state with { InFlight = false, NextRenewal = now.Elapsed + state.Settings.RetryPause }, []) : LeaseFold.Apply(state, happened, now);
}

/// <summary>Does not give back what it asked for and never heard of.</summary>
internal sealed class KeepsWhatItNeverHeardOf() : LeaseMutant(typeof(WhatMayBeOursIsGivenBack))
{
    internal override (LeaseState State, ImmutableArray<LeaseEffect> Effects) Apply(LeaseState state, LeaseEvent happened, Moment now)
    {
        (LeaseState State, ImmutableArray<LeaseEffect> Effects) step = LeaseFold.Apply(state, happened, now);
        return state.Phase == LeasePhase.Asking && happened is CallFailed ? Without<Release>(step) : step;
    }
}

/// <summary>Does not give back a lease whose time ran out: a renewal that is under way makes the store keep it for nobody.</summary>
internal sealed class LeavesWhatRanOut() : LeaseMutant(typeof(WhatMayBeOursIsGivenBack))
{
    internal override (LeaseState State, ImmutableArray<LeaseEffect> Effects) Apply(LeaseState state, LeaseEvent happened, Moment now)
    {
        (LeaseState State, ImmutableArray<LeaseEffect> Effects) step = LeaseFold.Apply(state, happened, now);
        return state.Phase == LeasePhase.Held && happened is not GivenBack ? Without<Release>(step) : step;
    }
}

/// <summary>Renews when the time is nearly over, and has none left for the answer.</summary>
internal sealed class RenewsTooLate() : LeaseMutant(typeof(HeldIsKeptWhileTheStoreAnswers))
{
    internal override (LeaseState State, ImmutableArray<LeaseEffect> Effects) Apply(LeaseState state, LeaseEvent happened, Moment now)
    {
        (LeaseState next, ImmutableArray<LeaseEffect> effects) = LeaseFold.Apply(state, happened, now);
        return next.ValidUntil != state.ValidUntil ? (next with { NextRenewal = next.ValidUntil.Elapsed - TimeSpan.FromMilliseconds(1) }, effects) : (next, effects);
    }
}
