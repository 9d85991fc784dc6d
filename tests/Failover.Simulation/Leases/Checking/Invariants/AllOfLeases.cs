namespace Failover.Simulation.Leases.Checking.Invariants;

/// <summary>The promises of leases, in the order in which they are checked.</summary>
internal static class AllOfLeases
{
    internal static LeaseInvariant[] Make() =>
    [
        new OverStaysOver(),
        new LateAnswersToLeasesChangeNothing(),
        new OneCallAtATime(),
        new LossIsToldAtOnce(),
        new TimersRingForSomething(),
        new WhatMayBeOursIsGivenBack(),
        new WhatIsOverIsNotRenewed(),
        new WhatIsGivenBackIsFreeAtOnce(),
        new TokensOnlyGrow(),
        new NeverTwoValidHolders(),
        new NothingAppliedUnderAnExpiredLease(),
        new SomeoneHoldsOnceTheNetworkHeals(),
        new HeldIsKeptWhileTheStoreAnswers(),
    ];
}
