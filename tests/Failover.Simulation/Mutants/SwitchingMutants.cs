using Failover.Engine;
using Failover.Simulation.Checking.Invariants;

namespace Failover.Simulation.Mutants;

internal sealed class ActsWithoutTheLease() : MutantSettings(typeof(ActsOnlyUnderTheLease))
{
    protected override GroupSettings Change(GroupSettings settings) => settings with { NeedsLease = false };
}

internal sealed class DoesNotWaitForTheSwitcher() : Mutant(typeof(OneOperationAtATime))
{
    public override Step Apply(GroupState state, GroupEvent happened, Moment now) => happened is Tick
        ? Bent(state, happened, now, s => s with { Switch = s.Switch with { InFlight = false } })
        : GroupFold.Apply(state, happened, now);
}

internal sealed class IgnoresThePin() : Mutant(typeof(PinIsKept))
{
    public override Step Apply(GroupState state, GroupEvent happened, Moment now) => happened is PinChanged
        ? GroupFold.Apply(state, happened, now)
        : Bent(state, happened, now, s => s with { Pinned = false }, s => s with { Pinned = state.Pinned });
}

internal sealed class IgnoresTheHoldDown() : MutantSettings(typeof(HoldDownDelaysOnlySwitchback))
{
    protected override GroupSettings Change(GroupSettings settings) => settings with { HoldDown = TimeSpan.Zero };
}

/// <summary>As long as a hold-down runs, nothing moves at all.</summary>
internal sealed class HoldsDownEverything() : Mutant(typeof(HoldDownDelaysOnlySwitchback))
{
    public override Step Apply(GroupState state, GroupEvent happened, Moment now) =>
        happened is not PinChanged && state.HoldDown.LastFailover is { } last && now.Elapsed - last < state.Settings.HoldDown
            ? Bent(state, happened, now, s => s with { Pinned = true }, s => s with { Pinned = state.Pinned })
            : GroupFold.Apply(state, happened, now);
}
