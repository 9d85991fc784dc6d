using Failover.Engine;
using Failover.Simulation.Checking.Invariants;

namespace Failover.Simulation.Mutants;

internal sealed class SettlesOnASuspect() : Mutant(typeof(ConditionTellsTheTruth))
{
    public override Step Apply(GroupState state, GroupEvent happened, Moment now)
    {
        Step step = GroupFold.Apply(state, happened, now);
        return step.State is { Condition: GroupCondition.Switching } after && after.Find(after.Active) is { Verdict: Verdict.Suspect }
            ? step with { State = after with { Condition = GroupCondition.Settled } }
            : step;
    }
}

internal sealed class LosesTheLastOfTheRoute() : Mutant(typeof(RouteHoldsEachMemberOnce))
{
    public override Step Apply(GroupState state, GroupEvent happened, Moment now)
    {
        Step step = GroupFold.Apply(state, happened, now);
        return happened is MembersChanged { Members.IsEmpty: false } && step.State.Route.Length > 1
            ? step with { State = step.State with { Route = step.State.Route.RemoveAt(step.State.Route.Length - 1) } }
            : step;
    }
}

internal sealed class TellsOfNoFormerMember() : Mutant(typeof(RecordsFollowTheActive))
{
    public override Step Apply(GroupState state, GroupEvent happened, Moment now) => Told(
        GroupFold.Apply(state, happened, now),
        e => e is Publish { Switchover.Cause: SwitchoverCause.Failover } told ? new Publish(told.Switchover with { From = null }) : e);
}

internal sealed class LosesTheLastRevision() : Mutant(typeof(EveryRecordEnds))
{
    public override Step Apply(GroupState state, GroupEvent happened, Moment now) => Told(
        GroupFold.Apply(state, happened, now),
        e => e is Publish { Switchover: { IsFinal: true, Switched: { } switched, Verified: { } verified } } && verified != switched ? null : e);
}

internal sealed class TellsARevisionTwice() : Mutant(typeof(EveryRecordEnds))
{
    public override Step Apply(GroupState state, GroupEvent happened, Moment now)
    {
        Step step = GroupFold.Apply(state, happened, now);
        return step with { Effects = [.. step.Effects, .. step.Effects.Where(e => e is Publish { Switchover.Cause: SwitchoverCause.Manual })] };
    }
}

/// <summary>Tries another member whenever it has sat on one for long.</summary>
internal sealed class CannotSitStill() : Mutant(typeof(RestIsCalm))
{
    public override Step Apply(GroupState state, GroupEvent happened, Moment now)
    {
        bool bored = happened is Tick && state is { Condition: GroupCondition.Settled, Pinned: false, Members.Length: > 1 } && now.Elapsed - state.ActiveSince > TimeSpan.FromSeconds(40);
        return GroupFold.Apply(state, bored ? new SwitchRequested(0, state.Members.First(m => !m.Member.Equals(state.Active)).Member) : happened, now);
    }
}

internal sealed class StaysUnavailable() : Mutant(typeof(EveryConditionCanBeLeft))
{
    public override Step Apply(GroupState state, GroupEvent happened, Moment now)
    {
        Step step = GroupFold.Apply(state, happened, now);
        return state is { Condition: GroupCondition.Unavailable, Settings.Elector: ElectorKind.Priority } && step.State.Condition != GroupCondition.Unavailable
            ? step with { State = step.State with { Condition = GroupCondition.Unavailable } }
            : step;
    }
}
