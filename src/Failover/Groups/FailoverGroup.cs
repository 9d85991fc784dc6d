using Failover.Engine;
using Failover.Groups;
using Microsoft.Extensions.Primitives;

namespace Failover;

/// <summary>
/// A named set of members of which one should be active. Watches them, follows or moves the active one, and tells of each change. Made by
/// <see cref="FailoverGroupBuilder"/> or by <c>AddFailover()</c>. All members may be called from any thread; none blocks on a member, an arbiter or a switcher.
/// </summary>
public sealed class FailoverGroup : IAsyncDisposable, IDisposable
{
    private readonly GroupMonitor _monitor;
    private volatile GroupSnapshot? _snapshot;

    internal FailoverGroup(GroupParts parts, GroupOptions options, FailoverMember[] members) => _monitor = new(this, parts, options, members);

    /// <summary>Gets the name.</summary>
    public string Name => _monitor.Name;

    /// <summary>Gets the kind: «http», «postgresql»; «custom» where the builder was not told.</summary>
    public string Kind => _monitor.Kind;

    /// <summary>Gets how the group stands now. The first read starts the group; each further one is a single volatile read. After the end of the group it is the last snapshot.</summary>
    /// <exception cref="ObjectDisposedException">The group was disposed of before it was ever started.</exception>
    public GroupSnapshot Snapshot => _snapshot ?? _monitor.FirstSnapshot();

    /// <summary>Gets the present instant on the group's clock, to tell how long ago a moment of its snapshot was: <c>group.Now.Since(group.Snapshot.Since)</c>.</summary>
    public Moment Now => _monitor.Now();

    /// <summary>Starts to watch the members. Done by the host where there is one, else by the first use. A second call does nothing.</summary>
    /// <exception cref="ObjectDisposedException">The group was disposed of.</exception>
    public void Start() => _monitor.Begin();

    /// <summary>Waits until a member is proven to be active, and returns it. Ends at once if one is. Starts the group.</summary>
    /// <param name="cancellationToken">Ends the wait, which has no other limit.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    /// <exception cref="ObjectDisposedException">The group was disposed of first.</exception>
    public ValueTask<FailoverMember> WaitForActiveAsync(CancellationToken cancellationToken) =>
        Snapshot.Active is { } active && !_monitor.IsStopped ? new(active) : new(_monitor.WaitForActiveAsync(cancellationToken));

    /// <summary>
    /// Tells each revision of each switchover from the moment of this call on, in order. Up to 256 revisions are kept for a reader that is slow; then the oldest are dropped, counted and logged.
    /// The enumeration can be read once. It ends without an error when the group is disposed of.
    /// </summary>
    /// <param name="cancellationToken">Ends the enumeration with an <see cref="OperationCanceledException"/>, and frees what is kept for a reader that never came.</param>
    public IAsyncEnumerable<Switchover> ReadSwitchoversAsync(CancellationToken cancellationToken) => _monitor.ReadSwitchoversAsync(cancellationToken);

    /// <summary>Returns a token that fires once, when the active member, its verdict, the condition, or whether writers are held next changes. Take the token first, then read <see cref="Snapshot"/>. Callbacks run on the thread pool.</summary>
    public IChangeToken GetChangeToken() => _monitor.GetChangeToken();

    /// <summary>
    /// Makes a member active, and returns the final revision of the switchover that did it, or of the one that had already done it. A switchover that is overtaken by another decision ends as
    /// <see cref="SwitchoverOutcome.Abandoned"/>: look at its outcome. Starts the group.
    /// </summary>
    /// <param name="member">The member to make active. It must be healthy and not drained.</param>
    /// <param name="cancellationToken">Ends the wait, not the switchover.</param>
    /// <exception cref="NotSupportedException">A group of this kind cannot be switched from here; the message says why.</exception>
    /// <exception cref="InvalidOperationException">The switch is refused now; the message says why.</exception>
    /// <exception cref="ArgumentException"><paramref name="member"/> is not a member of the group.</exception>
    /// <exception cref="ObjectDisposedException">The group was disposed of first.</exception>
    public Task<Switchover> SwitchToAsync(FailoverMember member, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(member);
        return _monitor.SwitchToAsync(member, cancellationToken);
    }

    /// <summary>Makes the member with this name or address active: <see cref="SwitchToAsync(FailoverMember, CancellationToken)"/>.</summary>
    /// <param name="nameOrAddress">A member's name, without regard to case, or its address.</param>
    /// <param name="cancellationToken">Ends the wait, not the switchover.</param>
    /// <exception cref="NotSupportedException">A group of this kind cannot be switched from here; the message says why.</exception>
    /// <exception cref="InvalidOperationException">The switch is refused now; the message says why.</exception>
    /// <exception cref="ArgumentException">No member has this name or address, or <paramref name="nameOrAddress"/> is blank.</exception>
    /// <exception cref="ObjectDisposedException">The group was disposed of first.</exception>
    public Task<Switchover> SwitchToAsync(string nameOrAddress, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(nameOrAddress);
        return _monitor.SwitchToAsync(_monitor.Find(nameOrAddress), cancellationToken);
    }

    /// <summary>Switches the automatic acts off: the group stays where it is until <see cref="Unpin"/>, or until somebody asks for a switch. It never keeps writes on an unproven primary.</summary>
    /// <exception cref="ObjectDisposedException">The group was disposed of.</exception>
    public void Pin() => _monitor.Pin(true);

    /// <summary>Switches the automatic acts on again.</summary>
    /// <exception cref="ObjectDisposedException">The group was disposed of.</exception>
    public void Unpin() => _monitor.Pin(false);

    /// <summary>Leaves a member, and does not choose it again before <see cref="Undrain"/>.</summary>
    /// <exception cref="ArgumentException"><paramref name="member"/> is not a member of the group.</exception>
    /// <exception cref="ObjectDisposedException">The group was disposed of.</exception>
    public void Drain(FailoverMember member)
    {
        ArgumentNullException.ThrowIfNull(member);
        _monitor.Drain(member, TimeSpan.MaxValue);
    }

    /// <summary>Leaves a member for a time.</summary>
    /// <param name="member">The member.</param>
    /// <param name="duration">How long; above zero.</param>
    /// <exception cref="ArgumentException"><paramref name="member"/> is not a member of the group.</exception>
    /// <exception cref="ObjectDisposedException">The group was disposed of.</exception>
    public void Drain(FailoverMember member, TimeSpan duration)
    {
        ArgumentNullException.ThrowIfNull(member);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(duration, TimeSpan.Zero);
        _monitor.Drain(member, duration);
    }

    /// <summary>Lets a drained member be chosen again.</summary>
    /// <exception cref="ArgumentException"><paramref name="member"/> is not a member of the group.</exception>
    /// <exception cref="ObjectDisposedException">The group was disposed of.</exception>
    public void Undrain(FailoverMember member)
    {
        ArgumentNullException.ThrowIfNull(member);
        _monitor.Drain(member, null);
    }

    /// <summary>Replaces the list of members. Those that stay keep their meters and all that is known of them. An empty list changes nothing: what is known to work is kept.</summary>
    /// <param name="members">The members in the order of preference.</param>
    /// <exception cref="ArgumentException">Two of them have the same address or the same name, the group cannot serve one of them, or they mix https and http and the group does not allow it. Nothing has changed.</exception>
    /// <exception cref="ObjectDisposedException">The group was disposed of.</exception>
    public void SetMembers(IEnumerable<FailoverMember> members)
    {
        ArgumentNullException.ThrowIfNull(members);
        _monitor.SetMembers([.. members], null);
    }

    /// <summary>Replaces the list of members, as <see cref="SetMembers(IEnumerable{FailoverMember})"/> does, and says whether it may mix members with and without TLS, now and from now on.</summary>
    /// <param name="members">The members in the order of preference. An empty list changes nothing.</param>
    /// <param name="allowInsecureMember">Whether https and http may stand in one list: <see cref="FailoverGroupBuilder.AllowInsecureMember"/>.</param>
    /// <exception cref="ArgumentException">Two of them have the same address or the same name, the group cannot serve one of them, or they mix https and http and that is not allowed. Nothing has changed.</exception>
    /// <exception cref="ObjectDisposedException">The group was disposed of.</exception>
    public void SetMembers(IEnumerable<FailoverMember> members, bool allowInsecureMember)
    {
        ArgumentNullException.ThrowIfNull(members);
        _monitor.SetMembers([.. members], allowInsecureMember);
    }

    /// <summary>Adds a member behind the others. One that is a member already stays as it is.</summary>
    /// <exception cref="ArgumentException">Another member has the same name, the group cannot serve it, or the members would mix https and http and the group does not allow it. Nothing has changed.</exception>
    /// <exception cref="ObjectDisposedException">The group was disposed of.</exception>
    public void AddMember(FailoverMember member)
    {
        ArgumentNullException.ThrowIfNull(member);
        _monitor.AddMember(member);
    }

    /// <summary>Removes a member. One that is no member is ignored.</summary>
    /// <exception cref="InvalidOperationException">It is the only one.</exception>
    /// <exception cref="ObjectDisposedException">The group was disposed of.</exception>
    public void RemoveMember(FailoverMember member)
    {
        ArgumentNullException.ThrowIfNull(member);
        _monitor.RemoveMember(member);
    }

    /// <summary>
    /// Trusts a lineage from now on, in place of the one that was trusted: after a restore, a rebuild or an upgrade that began a new one. From then on no member of another lineage is active, be it alone.
    /// Without effect as long as no member has told an epoch, and where members are chosen by their order.
    /// </summary>
    /// <param name="lineage">The lineage as its members tell it, letter by letter.</param>
    /// <exception cref="ObjectDisposedException">The group was disposed of.</exception>
    public void TrustLineage(string lineage)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(lineage);
        _monitor.TrustLineage(lineage);
    }

    /// <summary>Tells the group a word from outside: it looks earlier, or waits. A hint never elects. Ignored after the end of the group: nobody has to stop a source of hints first.</summary>
    public void Hint(Hint hint)
    {
        ArgumentNullException.ThrowIfNull(hint);
        _monitor.Hint(hint);
    }

    /// <summary>
    /// Stops watching: ends probes, gives the lease back, ends readers and waiters. Waits at most 5 seconds for what has to be given back, and for no probe. A second call does nothing.
    /// </summary>
    public ValueTask DisposeAsync() => _monitor.DisposeAsync();

    /// <summary>Begins to stop watching, as <see cref="DisposeAsync"/> does, and waits for nothing: a lease may be given back after the return. For a container that is disposed of synchronously.</summary>
    public void Dispose() => _ = _monitor.DisposeAsync().AsTask();

    /// <summary>Returns the name.</summary>
    public override string ToString() => Name;

    /// <summary>Gets or sets the snapshot; null before the start. Only the monitor sets it.</summary>
    internal GroupSnapshot? Current
    {
        get => _snapshot;
        set => _snapshot = value;
    }

    /// <summary>Brings an event to the engine.</summary>
    internal void Post(GroupEvent happened) => _monitor.Post(happened);

    internal void Reconfigure(GroupOptions options) => _monitor.Reconfigure(options);

    internal void ReportConfigurationError(string? error) => _monitor.ReportConfigurationError(error);
}
