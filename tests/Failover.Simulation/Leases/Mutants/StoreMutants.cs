using Failover.Simulation.Leases.Checking.Invariants;
using Failover.Simulation.Leases.Stores;

namespace Failover.Simulation.Leases.Mutants;

/// <summary>Renews whatever the holder of that name has, its newer lease too.</summary>
internal sealed class RenewsByName() : LeaseMutant(typeof(WhatIsOverIsNotRenewed))
{
    internal override bool IsTheSame(Kept kept, LeaseRequest request) => kept.Holder == request.Holder;

    internal override bool IsTheSameToRelease(Kept kept, LeaseRequest request) => kept.Attempt == request.Attempt;
}

/// <summary>Gives back whatever the holder of that name has, its newer lease too.</summary>
internal sealed class ReleasesByName() : LeaseMutant(typeof(NeverTwoValidHolders))
{
    internal override bool IsTheSameToRelease(Kept kept, LeaseRequest request) => kept.Holder == request.Holder;
}

/// <summary>Lets a lease run out a second too early.</summary>
internal sealed class RunsOutEarly() : LeaseMutant(typeof(NeverTwoValidHolders))
{
    internal override bool RunsOut(TimeSpan until, TimeSpan now) => now >= until - TimeSpan.FromSeconds(1);
}

/// <summary>Begins to grant as soon as its data is gone.</summary>
internal sealed class GrantsAtOnceAfterALoss() : LeaseMutant(typeof(NeverTwoValidHolders))
{
    internal override bool WaitsAfterALoss => false;
}

/// <summary>Whoever would take the lease goes by the time that the holder wrote into it, by the holder's wall clock.</summary>
internal sealed class BelievesTheHoldersClock() : LeaseMutant(typeof(NeverTwoValidHolders))
{
    internal override TimeSpan Unchanged(TimeSpan seenFor, DateTimeOffset renewed, DateTimeOffset now) => now - renewed;
}

/// <summary>A lease that was given back leaves nothing behind, its token included.</summary>
internal sealed class ForgetsTheTokenOfWhatIsFree() : LeaseMutant(typeof(TokensOnlyGrow))
{
    internal override long NextToken(long timeline, long counter, bool wasFree) => wasFree ? (timeline << 32) + 1 : base.NextToken(timeline, counter, wasFree);
}

/// <summary>A promoted standby counts on from the last token that it knows of.</summary>
internal sealed class CountsWithoutTheTimeline() : LeaseMutant(typeof(TokensOnlyGrow))
{
    internal override long NextToken(long timeline, long counter, bool wasFree) => counter;
}

internal sealed class TakesAnewWhatWasToBeRenewed() : LeaseMutant(typeof(WhatIsOverIsNotRenewed))
{
    internal override bool RenewsOnlyWhatIsKept => false;
}

/// <summary>Lets a lease that was given back run out, as if its holder had died.</summary>
internal sealed class LetsWhatIsGivenBackRunOut() : LeaseMutant(typeof(WhatIsGivenBackIsFreeAtOnce))
{
    internal override bool FreesWhatIsGivenBack => false;
}

/// <summary>Keeps a lease until its holder gives it back, and so for ever if that died.</summary>
internal sealed class NeverRunsOut() : LeaseMutant(typeof(SomeoneHoldsOnceTheNetworkHeals))
{
    internal override bool RunsOut(TimeSpan until, TimeSpan now) => false;
}
