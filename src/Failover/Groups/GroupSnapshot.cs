using System.Collections.Immutable;
using Failover.Engine;

namespace Failover;

/// <summary>How a group stood at one instant. Immutable, safe to share between threads; made anew whenever something in it changes.</summary>
public sealed class GroupSnapshot
{
    private readonly GroupState _state;
    private ImmutableArray<MemberSnapshot> _readable;

    internal GroupSnapshot(GroupState state, string kind, long version, string? configurationError, ImmutableArray<MemberSnapshot> members, ImmutableArray<MemberSnapshot> route)
    {
        _state = state;
        Kind = kind;
        Version = version;
        ConfigurationError = configurationError;
        Members = members;
        Route = route;
    }

    /// <summary>Gets the name of the group.</summary>
    public string Group => _state.Settings.Group;

    /// <summary>Gets the kind of the group: «http», «postgresql»; «custom» where its builder was not told.</summary>
    public string Kind { get; }

    /// <summary>Gets how the group stands.</summary>
    public GroupCondition Condition => _state.Condition;

    /// <summary>Gets since when it stands so.</summary>
    public Moment Since => _state.Since;

    /// <summary>Gets the active member; null if none is. While <see cref="Condition"/> is <see cref="GroupCondition.Switching"/> it may be suspect or, where no other is healthy either, given up; a group whose members prove their role never shows one that is given up.</summary>
    public FailoverMember? Active => _state.Active;

    /// <summary>Gets the member that the group wants to be active. Where the members elect their primary themselves: what a manual switch asked for, else null.</summary>
    public FailoverMember? Desired => _state.Desired;

    /// <summary>Gets whether automatic acts are switched off.</summary>
    public bool IsPinned => _state.Pinned;

    /// <summary>Gets whether a preferred member waits for its switchback: for the end of its hold-down, or for somebody to ask.</summary>
    public bool SwitchbackPending => _state.SwitchbackPending;

    /// <summary>
    /// Gets whether a change of the primary was announced (<see cref="HintKind.Hold"/>), and writers are to wait for it. Only where the members elect their primary themselves. While <see cref="Condition"/> is <see cref="GroupCondition.Switching"/>, this is false and the
    /// active member healthy, a switch was asked for, and has not begun to hurt anybody.
    /// </summary>
    public bool IsHeld => _state.HoldUntil is not null;

    /// <summary>Gets the epoch of the active member; null if none is active or its kind has no epochs.</summary>
    public Epoch? Epoch => _state.Find(_state.Active)?.Epoch;

    /// <summary>Gets why the group stands as it does, for people; null if there is nothing to say. Never a secret.</summary>
    public string? Reason => _state.Reason;

    /// <summary>Gets the last revision of the last switchover; null before the first.</summary>
    public Switchover? LastSwitchover => _state.Last;

    /// <summary>Gets why the last change of the configuration was refused, so that older settings are in force; null if they are those of the configuration.</summary>
    public string? ConfigurationError { get; }

    /// <summary>Gets whether members with and without TLS may stand in one list, and what is addressed by https may go to a member without: <see cref="FailoverGroupBuilder.AllowInsecureMember"/>.</summary>
    public bool AllowsInsecureMember { get; internal init; }

    /// <summary>Gets the number of this snapshot, from 1; a later one has a higher number.</summary>
    public long Version { get; }

    /// <summary>Gets the members in the order of preference.</summary>
    public ImmutableArray<MemberSnapshot> Members { get; }

    /// <summary>
    /// Gets the members in the order in which a caller should try them: the active one, then the healthy ones, then what is left as a last resort. It holds every
    /// member, and is empty only for a group whose members have not been found yet. Reading it allocates nothing.
    /// </summary>
    public ImmutableArray<MemberSnapshot> Route { get; }

    /// <summary>Gets the members fit for reads: healthy replicas that are not drained and said that they are no further behind than <see cref="GroupOptions.MaxReadLag"/>. In the order of preference.</summary>
    public ImmutableArray<MemberSnapshot> Readable
    {
        get
        {
            // An immutable array is one reference: two threads that meet here make the same list twice, and no more.
            if (_readable.IsDefault)
            {
                _readable = Members.RemoveAll(m => !IsReadable(m));
            }

            return _readable;
        }
    }

    /// <summary>Whether a snapshot made from <paramref name="state"/> would show the same, its members apart.</summary>
    internal bool Shows(GroupState state) =>
        _state.Condition == state.Condition
        && _state.Since == state.Since
        && ReferenceEquals(_state.Active, state.Active)
        && ReferenceEquals(_state.Desired, state.Desired)
        && ReferenceEquals(_state.Last, state.Last)
        && _state.Pinned == state.Pinned
        && _state.HoldUntil.HasValue == state.HoldUntil.HasValue
        && _state.SwitchbackPending == state.SwitchbackPending
        && _state.Route == state.Route
        && _state.Settings.MaxReadLag == state.Settings.MaxReadLag
        && string.Equals(_state.Reason, state.Reason, StringComparison.Ordinal);

    /// <summary>Whether it differs from an earlier one in what callers go by.</summary>
    internal bool IsNewsAfter(GroupSnapshot before) =>
        before.Condition != Condition
        || !ReferenceEquals(before.Active, Active)
        || before.IsHeld != IsHeld
        || before._state.Find(Active)?.Verdict != _state.Find(Active)?.Verdict;

    private bool IsReadable(MemberSnapshot member) =>
        member is { Verdict: Verdict.Healthy, Role: MemberRole.Replica, IsDrained: false, Lag: { } lag } && lag <= _state.Settings.MaxReadLag;
}
