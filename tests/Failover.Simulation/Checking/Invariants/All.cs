namespace Failover.Simulation.Checking.Invariants;

/// <summary>The promises of the engine, in the order in which they are checked.</summary>
internal static class All
{
    internal static Invariant[] Make() =>
    [
        new LateAnswersChangeNothing(),
        new OneProbeAtATime(),
        new OneOperationAtATime(),
        new ActsOnlyUnderTheLease(),
        new RoleIsProvenByItsMember(),
        new LowerEpochNeverActive(),
        new ForeignLineageNeedsTrust(),
        new TwoProofsNeverBothActive(),
        new PinIsKept(),
        new HoldsEnd(),
        new DrainsAreKept(),
        new StartHearsThePreferred(),
        new OneLostProbeNeverMoves(),
        new HoldDownDelaysOnlySwitchback(),
        new UnhealthyActiveIsLeft(),
        new ConditionTellsTheTruth(),
        new RouteHoldsEachMemberOnce(),
        new RecordsFollowTheActive(),
        new EveryRecordEnds(),
        new WakeIsAhead(),
        new EveryConditionCanBeLeft(),
        new RestIsCalm(),
    ];
}
