using System.Collections.Immutable;
using Failover.Leases;
using Failover.Simulation.Leases.Stores;

namespace Failover.Simulation.Leases.Running;

/// <summary>What is under test: the fold of leases, as it is; and what it stands on: what a store, a resource and whoever acts must do. A mutant bends one of them.</summary>
internal class LeaseRules
{
    internal static readonly LeaseRules Real = new();

    /// <summary>Whether clocks keep to what the margin covers, and no machine sleeps whose wall clock is put back.</summary>
    internal virtual bool ClocksKeepWithinTheMargin => true;

    internal virtual bool WallClocksTellOfSleep => true;

    internal virtual LeaseSettings Settings(LeaseSettings settings) => settings;

    internal virtual (LeaseState State, ImmutableArray<LeaseEffect> Effects) Apply(LeaseState state, LeaseEvent happened, Moment now) => LeaseFold.Apply(state, happened, now);

    internal virtual bool MayAct(LeaseState state, Moment now) => state.MayAct(now);

    internal virtual TimeSpan? NextWake(LeaseState state, Moment now) => state.NextWake(now);

    /// <summary>Whether a holder that has just read the resource goes on to act.</summary>
    internal virtual bool MayActOnWhatWasRead(LeaseState state, Moment now) => MayAct(state, now);

    /// <summary>A store forgets a lease whose time is over.</summary>
    internal virtual bool RunsOut(TimeSpan until, TimeSpan now) => now >= until;

    /// <summary>A store tells one ask from all others by its attempt.</summary>
    internal virtual bool IsTheSame(Kept kept, LeaseRequest request) => kept.Attempt == request.Attempt;

    /// <inheritdoc cref="IsTheSame"/>
    internal virtual bool IsTheSameToRelease(Kept kept, LeaseRequest request) => IsTheSame(kept, request);

    /// <summary>A store forgets at once what is given back.</summary>
    internal virtual bool FreesWhatIsGivenBack => true;

    /// <summary>A store does not take anew what was to be renewed.</summary>
    internal virtual bool RenewsOnlyWhatIsKept => true;

    /// <summary>A store whose data was lost, or of which some may be, grants nothing until whatever it granted before has run out.</summary>
    internal virtual bool WaitsAfterALoss => true;

    /// <summary>The next token of a store: in a lineage it grows, whatever was lost.</summary>
    internal virtual long NextToken(long timeline, long counter, bool wasFree) => (timeline << 32) + counter;

    /// <summary>How long a record has stood unchanged, for whoever would take it: by its own clock since it saw the record first.</summary>
    internal virtual TimeSpan Unchanged(TimeSpan seenFor, DateTimeOffset renewed, DateTimeOffset now) => seenFor;

    /// <summary>A resource that can compare tokens takes none that is lower than the highest it has seen.</summary>
    internal virtual bool ResourceTakes(Epoch token, Epoch highest) => token.Lineage == highest.Lineage && token.Number >= highest.Number;

    /// <summary>A resource that can compare versions takes an act only on the version that it was decided on.</summary>
    internal virtual bool ResourceTakes(long decidedOn, long version) => decidedOn == version;
}
