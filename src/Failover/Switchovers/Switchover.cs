namespace Failover;

/// <summary>
/// One change of the active member of a group, told again with a higher <see cref="Revision"/> as each of its times becomes known.
/// Everything that tells of a switchover (logs, metrics, incidents, rehearsals) reads this record; nothing else measures time. Immutable.
/// A time that a level cannot know is null.
/// </summary>
public sealed record Switchover
{
    /// <summary>Gets the identity of the switchover: the same in each revision.</summary>
    public required Guid Id { get; init; }

    /// <summary>Gets the number of this telling, from 1.</summary>
    public required int Revision { get; init; }

    /// <summary>Gets whether no further revision will come.</summary>
    public bool IsFinal { get; init; }

    /// <summary>Gets how far the switchover has come.</summary>
    public SwitchoverOutcome Outcome { get; init; }

    /// <summary>Gets the name of the group.</summary>
    public required string Group { get; init; }

    /// <summary>Gets why the active member changed.</summary>
    public required SwitchoverCause Cause { get; init; }

    /// <summary>Gets the member that was active; null if none was.</summary>
    public FailoverMember? From { get; init; }

    /// <summary>Gets the member that is, or is to become, active.</summary>
    public required FailoverMember To { get; init; }

    /// <summary>Gets the epoch of the new primary, where its kind has epochs.</summary>
    public Epoch? Epoch { get; init; }

    /// <summary>Gets why: the last failure of the old member, or who asked.</summary>
    public string? Evidence { get; init; }

    /// <summary>Gets the fencing token under which the switch was made, where an arbiter was asked.</summary>
    public long? LeaseToken { get; init; }

    /// <summary>Gets when the old member was last seen working.</summary>
    public Moment? LastGood { get; init; }

    /// <summary>Gets when the old member was first seen failing.</summary>
    public Moment? FirstFailure { get; init; }

    /// <summary>Gets when the old member was given up.</summary>
    public Moment? Detected { get; init; }

    /// <summary>Gets when the new member was chosen; null where others elect.</summary>
    public Moment? Decided { get; init; }

    /// <summary>Gets when the new member became active.</summary>
    public Moment? Switched { get; init; }

    /// <summary>Gets when the new member was first seen working, or read back at the authority, after the switch.</summary>
    public Moment? Verified { get; init; }

    /// <summary>Gets when callers first saw the new member; null where that cannot be seen from here.</summary>
    public Moment? Visible { get; init; }

    /// <summary>Gets the time from the first failure until the old member was given up.</summary>
    public TimeSpan? DetectionTime => Between(FirstFailure, Detected);

    /// <summary>Gets the time from giving up the old member (without a failure: from the decision) until the new one was active.</summary>
    public TimeSpan? SwitchTime => Between(Detected ?? Decided, Switched);

    /// <summary>Gets the recovery time: from the first failure (without one: from the decision) until callers saw the new member, or else until it was verified, or else active.</summary>
    public TimeSpan? RecoveryTime => Between(FirstFailure ?? Decided, Visible ?? Verified ?? Switched);

    private static TimeSpan? Between(Moment? start, Moment? end) => start is { } s && end is { } e ? e.Since(s) : null;
}
