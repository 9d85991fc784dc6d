using System.Collections.Immutable;
using Failover.Leases;
using Failover.Simulation.Leases.Checking.Invariants;

namespace Failover.Simulation.Leases.Mutants;

/// <summary>Counts how long the lease is valid from the answer, not from before the request.</summary>
internal sealed class CountsFromTheAnswer() : LeaseMutant(typeof(NeverTwoValidHolders))
{
    internal override (LeaseState State, ImmutableArray<LeaseEffect> Effects) Apply(LeaseState state, LeaseEvent happened, Moment now)
    {
        (LeaseState next, ImmutableArray<LeaseEffect> effects) = LeaseFold.Apply(state, happened, now);
        Moment until = next.ValidUntil;
        return until != state.ValidUntil ? (next with { ValidUntil = new(until.Elapsed + (now.Elapsed - state.SentAt.Elapsed), until.Utc + (now.Utc - state.SentAt.Utc)) }, effects) : (next, effects);
    }
}

internal sealed class KnowsNoMargin() : LeaseMutant(typeof(NeverTwoValidHolders))
{
    internal override LeaseSettings Settings(LeaseSettings settings) => settings with { Margin = TimeSpan.Zero };
}

/// <summary>Goes by the monotonic clock alone, which stands still while the machine sleeps.</summary>
internal sealed class LooksAtNoWallClock() : LeaseMutant(typeof(NeverTwoValidHolders))
{
    internal override (LeaseState State, ImmutableArray<LeaseEffect> Effects) Apply(LeaseState state, LeaseEvent happened, Moment now)
    {
        (LeaseState next, ImmutableArray<LeaseEffect> effects) = LeaseFold.Apply(state, happened, now);
        return next.Phase == LeasePhase.Held && next.ValidUntil != state.ValidUntil ? (next with { ValidUntil = next.ValidUntil with { Utc = DateTimeOffset.MaxValue } }, effects) : (next, effects);
    }
}

/// <summary>Goes by the wall clock alone, which is put back.</summary>
internal sealed class LooksAtTheWallClockAlone() : LeaseMutant(typeof(NeverTwoValidHolders))
{
    internal override (LeaseState State, ImmutableArray<LeaseEffect> Effects) Apply(LeaseState state, LeaseEvent happened, Moment now)
    {
        (LeaseState next, ImmutableArray<LeaseEffect> effects) = LeaseFold.Apply(state, happened, now);
        return next.Phase == LeasePhase.Held && next.ValidUntil != state.ValidUntil ? (next with { ValidUntil = next.ValidUntil with { Elapsed = TimeSpan.MaxValue } }, effects) : (next, effects);
    }
}

/// <summary>Takes a lease to last as long as was asked for, whatever the store grants.</summary>
internal sealed class BelievesInWhatItAskedFor() : LeaseMutant(typeof(NeverTwoValidHolders))
{
    internal override (LeaseState State, ImmutableArray<LeaseEffect> Effects) Apply(LeaseState state, LeaseEvent happened, Moment now) => LeaseFold.Apply(state, happened switch
    {
        TakeAnswered { Answer.Grant: { } grant } taken => taken with { Answer = LeaseAnswer.Granted(grant with { Duration = state.Settings.Duration }) },
        RenewalAnswered { Grant: { } grant } renewed => renewed with { Grant = grant with { Duration = state.Settings.Duration } },
        _ => happened,
    }, now);
}

/// <summary>A process that has waited for its timer to tell it does not look at the clock itself.</summary>
internal sealed class ActsUntilItIsTold() : LeaseMutant(typeof(NeverTwoValidHolders))
{
    internal override bool MayAct(LeaseState state, Moment now) => state.Phase == LeasePhase.Held;
}

/// <summary>Clocks whose rates differ by more than the margin allows for.</summary>
internal sealed class ClocksBeyondTheMargin() : LeaseMutant(typeof(NeverTwoValidHolders))
{
    internal override bool ClocksKeepWithinTheMargin => false;
}

/// <summary>Machines that sleep, with wall clocks that are put back.</summary>
internal sealed class WallClocksThatHideSleep() : LeaseMutant(typeof(NeverTwoValidHolders))
{
    internal override bool WallClocksTellOfSleep => false;
}
