using Failover.Engine;
using Failover.Simulation.Checking.Invariants;

namespace Failover.Simulation.Mutants;

internal sealed class LetsTheQuorumPromote() : Mutant(typeof(RoleIsProvenByItsMember))
{
    public override Step Apply(GroupState state, GroupEvent happened, Moment now) => happened is HintReceived { Hint: { QuorumEpoch: not null, Member: { } bound } }
        ? Bent(state, happened, now, s => s with { Members = [.. s.Members.Select(m => m.Member.Equals(bound) ? m with { Proof = m.Proof with { Role = MemberRole.Primary } } : m)] })
        : GroupFold.Apply(state, happened, now);
}

internal sealed class ForgetsTheHighestEpoch() : Mutant(typeof(LowerEpochNeverActive))
{
    public override Step Apply(GroupState state, GroupEvent happened, Moment now) => Bent(state, happened, now, s => s with { Epochs = s.Epochs with { Highest = [] } });
}

internal sealed class TrustsEveryLineage() : Mutant(typeof(ForeignLineageNeedsTrust))
{
    public override Step Apply(GroupState state, GroupEvent happened, Moment now) => Bent(state, happened, now, s => s with { Epochs = s.Epochs with { Trusted = null } });
}

internal sealed class BelievesTheFirstOfTwo() : Mutant(typeof(TwoProofsNeverBothActive))
{
    public override Step Apply(GroupState state, GroupEvent happened, Moment now) => GroupFold.Apply(
        state,
        happened is ProbeCompleted { Result: { Role: MemberRole.Primary, Epoch: { } epoch } } probe && state.Find(state.Active) is { } active && !active.Member.Equals(probe.Member) && active.Epoch == epoch
            ? probe with { Result = probe.Result with { Role = MemberRole.Replica } }
            : happened,
        now);
}

internal sealed class HoldsAgainAndAgain() : Mutant(typeof(HoldsEnd))
{
    public override Step Apply(GroupState state, GroupEvent happened, Moment now) => happened is HintReceived
        ? Bent(state, happened, now, s => s with { HoldSince = null })
        : GroupFold.Apply(state, happened, now);
}
