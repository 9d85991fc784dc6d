using Failover.Engine;

namespace Failover;

/// <summary>What a group knew of one member at one instant. Immutable, safe to share between threads.</summary>
public sealed class MemberSnapshot
{
    private readonly MemberState _state;

    /// <param name="state">What the engine knows.</param>
    /// <param name="meter">The member's meter.</param>
    /// <param name="givenUp">What is cancelled when the verdict next becomes unhealthy.</param>
    internal MemberSnapshot(MemberState state, MemberMeter meter, CancellationTokenSource givenUp)
    {
        _state = state;
        Meter = meter;
        GivenUpSource = givenUp;
    }

    /// <summary>Gets the member.</summary>
    public FailoverMember Member => _state.Member;

    /// <summary>Gets the meter to which real calls to the member are told. It is the same object as long as the member stays in the group.</summary>
    public MemberMeter Meter { get; }

    /// <summary>
    /// Gets a token that fires once, when the member is next given up: when, after this snapshot, its verdict becomes <see cref="Verdict.Unhealthy"/>; or, while it is unhealthy, when another member no longer is.
    /// For calls that wait for an answer of the member and may be made elsewhere: who finds nobody fit then takes the token of the newest snapshot, and waits on.
    /// Callbacks run on the thread pool, after the group shows the verdict. It does not fire when the member leaves the group.
    /// </summary>
    public CancellationToken GivenUp => GivenUpSource.Token;

    /// <summary>Gets what the outcomes so far say of the member.</summary>
    public Verdict Verdict => _state.Verdict;

    /// <summary>Gets the role that the member gave itself; <see cref="MemberRole.Unknown"/> where its kind has none, and while it is unhealthy.</summary>
    public MemberRole Role => _state.Role;

    /// <summary>Gets the epoch that the member gave itself, or to which a quorum bound it; null where it has none or did not say.</summary>
    public Epoch? Epoch => _state.Epoch;

    /// <summary>Gets how far the member is behind its primary; null where it has no such figure or did not say.</summary>
    public TimeSpan? Lag => _state.Proof.Lag;

    /// <summary>Gets whether the member is to be left alone: somebody drained it, or it said that it is about to leave.</summary>
    public bool IsDrained => _state.IsDrained;

    /// <summary>Gets whether a probe of the member ignored its timeout and still runs; until it ends the member is not probed.</summary>
    public bool IsProbeStuck => _state.Stuck;

    /// <summary>Gets when the member was last seen working; null if it never was.</summary>
    public Moment? LastGood => _state.LastGood;

    /// <summary>Gets when the failures began that make the member suspect or unhealthy; null while it works.</summary>
    public Moment? FirstFailure => _state.Failing?.Since;

    /// <summary>Gets a short reason for the verdict, for people; null if there is none. Never a secret.</summary>
    public string? Evidence => _state.Evidence;

    internal CancellationTokenSource GivenUpSource { get; }

    internal int Incarnation => _state.Incarnation;

    /// <summary>Whether a snapshot made from <paramref name="state"/> would show the same.</summary>
    internal bool Shows(MemberState state) =>
        ReferenceEquals(_state, state)
        || (ReferenceEquals(_state.Member, state.Member)
            && _state.Incarnation == state.Incarnation
            && _state.Verdict == state.Verdict
            && _state.Role == state.Role
            && _state.IsDrained == state.IsDrained
            && _state.Stuck == state.Stuck
            && _state.Proof.Lag == state.Proof.Lag
            && _state.LastGood == state.LastGood
            && _state.Failing?.Since == state.Failing?.Since
            && _state.Epoch == state.Epoch
            && string.Equals(_state.Evidence, state.Evidence, StringComparison.Ordinal));
}
