using Failover.Engine;
using Failover.Simulation.Checking.Invariants;

namespace Failover.Simulation.Mutants;

internal sealed class TakesLateAnswers() : Mutant(typeof(LateAnswersChangeNothing))
{
    public override Step Apply(GroupState state, GroupEvent happened, Moment now) => GroupFold.Apply(
        state,
        happened is ProbeCompleted probe && state.Find(probe.Member) is { Probing: true } member ? probe with { Attempt = member.Attempt } : happened,
        now);
}

internal sealed class ForgetsProbesUnderWay() : Mutant(typeof(OneProbeAtATime))
{
    public override Step Apply(GroupState state, GroupEvent happened, Moment now) => happened is HintReceived
        ? Bent(state, happened, now, s => s with { Members = [.. s.Members.Select(m => m with { Probing = false })] })
        : GroupFold.Apply(state, happened, now);
}

internal sealed class GivesUpAfterOneLostProbe() : Mutant(typeof(OneLostProbeNeverMoves))
{
    public override Step Apply(GroupState state, GroupEvent happened, Moment now) => happened is ProbeCompleted probe && probe.Member.Equals(state.Active) && !state.Settings.HasSwitcher
        ? Bent(state, happened, now, s => s with { Members = [.. s.Members.Select(m => m.Member.Equals(s.Active) ? m with { Unconfirmed = s.Settings.Fall } : m)] })
        : GroupFold.Apply(state, happened, now);
}

/// <summary>While a group starts, no answer is taken for a refusal.</summary>
internal sealed class TakesSilenceForANo() : Mutant(typeof(StartHearsThePreferred))
{
    public override Step Apply(GroupState state, GroupEvent happened, Moment now) => GroupFold.Apply(
        state,
        state.Condition == GroupCondition.Starting && happened is ProbeCompleted { Result.Outcome: ProbeOutcome.TimedOut } probe && state.Find(probe.Member) is { IsDrained: false } ? probe with { Result = ProbeResult.Failure("silent") } : happened,
        now);
}

internal sealed class CountsTooManyFailures() : MutantSettings(typeof(UnhealthyActiveIsLeft))
{
    protected override GroupSettings Change(GroupSettings settings) => settings with { Fall = settings.Fall + 20 };
}

internal sealed class ProbesTooSeldom() : MutantSettings(typeof(UnhealthyActiveIsLeft))
{
    protected override GroupSettings Change(GroupSettings settings) => settings with { ProbeInterval = TimeSpan.FromMinutes(2) };
}

/// <summary>A call that succeeds is taken for more than the member's own word to the probe.</summary>
internal sealed class BelievesCallsMoreThanProbes() : Mutant(typeof(ConditionTellsTheTruth))
{
    public override Step Apply(GroupState state, GroupEvent happened, Moment now) => happened is MeterRead
        ? Bent(state, happened, now, s => s with { Members = [.. s.Members.Select(m => m with { Refusals = 0 })] })
        : GroupFold.Apply(state, happened, now);
}

internal sealed class ForgetsToTellItsWake() : Mutant(typeof(WakeIsAhead))
{
    public override Step Apply(GroupState state, GroupEvent happened, Moment now)
    {
        Step step = GroupFold.Apply(state, happened, now);
        return happened is OptionsChanged ? Told(step, e => e is WakeAt ? null : e) : step;
    }
}

internal sealed class HearsNoDrainOnCalls() : Mutant(typeof(DrainsAreKept))
{
    public override Step Apply(GroupState state, GroupEvent happened, Moment now) =>
        GroupFold.Apply(state, happened is MeterRead read ? read with { Reading = read.Reading with { Drains = 0 } } : happened, now);
}

/// <summary>A member that has told calls that it is leaving is taken to be back when a probe is not told so.</summary>
internal sealed class TakesAProbesSilenceForAllTheMembers() : Mutant(typeof(DrainsAreKept))
{
    public override Step Apply(GroupState state, GroupEvent happened, Moment now) => happened is ProbeCompleted
        ? Bent(state, happened, now, s => s with { Members = [.. s.Members.Select(m => m.DrainWord == DrainWord.ToCalls ? m with { DrainWord = DrainWord.ToProbe } : m)] })
        : GroupFold.Apply(state, happened, now);
}

/// <summary>A probe that is told to come later is enough to drain its member.</summary>
internal sealed class DrainsOnOneVoice() : Mutant(typeof(DrainsAreKept))
{
    public override Step Apply(GroupState state, GroupEvent happened, Moment now) => happened is ProbeCompleted
        ? Bent(state, happened, now, s => s with { Members = [.. s.Members.Select(m => m with { PutOffAsks = 1 })] })
        : GroupFold.Apply(state, happened, now);
}
