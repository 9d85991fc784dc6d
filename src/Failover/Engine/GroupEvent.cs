using System.Collections.Immutable;

namespace Failover.Engine;

/// <summary>What happened. The only way into the fold.</summary>
internal abstract record GroupEvent;

/// <summary>A probe ended, or its time was over.</summary>
/// <param name="Member">The member that was asked.</param>
/// <param name="Incarnation">Which life of the member was asked; an answer for an earlier one is ignored.</param>
/// <param name="Attempt">Which probe it was; an answer for an earlier one is ignored.</param>
/// <param name="Result">What came of it.</param>
/// <param name="StillRunning">The time was over but the probe goes on: it is left behind, and a second event with the same attempt tells when it has ended.</param>
internal sealed record ProbeCompleted(FailoverMember Member, int Incarnation, long Attempt, ProbeResult Result, bool StillRunning = false) : GroupEvent;

/// <summary>What real calls wrote of a member.</summary>
internal sealed record MeterRead(FailoverMember Member, int Incarnation, MeterReading Reading) : GroupEvent;

/// <summary>A word from outside.</summary>
internal sealed record HintReceived(Hint Hint) : GroupEvent;

/// <summary>The arbiter granted the lease.</summary>
internal sealed record LeaseGranted(long Token) : GroupEvent;

/// <summary>The lease was lost, or not granted.</summary>
/// <param name="AskAgain">Whether it is worth asking again at once: it was waited for, and may be free now.</param>
internal sealed record LeaseLost(bool AskAgain = false) : GroupEvent;

/// <summary>A <see cref="Switch"/> ended: a read where its target was null, an act otherwise.</summary>
/// <param name="Operation">Which one; any other than the one under way is ignored.</param>
/// <param name="Outcome">What came of it. A read that worked is <see cref="SwitchOutcome.Applied"/>.</param>
/// <param name="ReadBack">What the authority answered; null if it could not be read.</param>
/// <param name="Evidence">A short reason without secrets.</param>
internal sealed record SwitchCompleted(long Operation, SwitchOutcome Outcome, SwitchReading? ReadBack, string? Evidence) : GroupEvent;

/// <summary>Callers see which member is active, or it is not known whether they do. The answer to <see cref="AwaitVisible"/>.</summary>
/// <param name="Member">The member that was waited for.</param>
/// <param name="IsVisible">Whether callers see it.</param>
internal sealed record VisibleCompleted(FailoverMember Member, bool IsVisible) : GroupEvent;

/// <summary>Somebody asks for another active member. The answer is in <see cref="GroupState.LastRequest"/> after the step.</summary>
internal sealed record SwitchRequested(long Request, FailoverMember Target) : GroupEvent;

/// <summary>A member is to be left (<paramref name="Until"/> in the future) or may be used again (null).</summary>
/// <param name="Member">The member.</param>
/// <param name="Until">The end of the drain; <see cref="TimeSpan.MaxValue"/> means until told otherwise.</param>
internal sealed record Drained(FailoverMember Member, TimeSpan? Until) : GroupEvent;

/// <summary>The automatic acts are switched off or on.</summary>
internal sealed record PinChanged(bool Pinned) : GroupEvent;

/// <summary>Somebody says that a new lineage is to be trusted.</summary>
internal sealed record LineageTrusted(string Lineage) : GroupEvent;

/// <summary>The list of members, in the order of preference. An empty list is ignored: what is known is kept.</summary>
internal sealed record MembersChanged(ImmutableArray<FailoverMember> Members) : GroupEvent;

/// <summary>The settings.</summary>
internal sealed record OptionsChanged(GroupSettings Settings) : GroupEvent;

/// <summary>Time has passed.</summary>
internal sealed record Tick : GroupEvent
{
    internal static readonly Tick Instance = new();
}
