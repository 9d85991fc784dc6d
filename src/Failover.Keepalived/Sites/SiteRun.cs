using System.Globalization;
using System.Net;
using Failover.Keepalived.Publishing;
using Failover.Keepalived.Watching;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace Failover.Keepalived.Sites;

/// <summary>
/// Puts what is known of this node, of keepalived and of the peer before <see cref="Conduct"/>, and has published what it decides. Whatever changes, it looks at all of it again, on the thread that brings the news: nothing waits in a queue.
/// </summary>
internal sealed partial class SiteRun : IAsyncDisposable
{
    /// <summary>A peer that was never heard by then is one that this node cannot hear: the settings of one of both are wrong, or nothing runs there.</summary>
    private static readonly TimeSpan HeardBy = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly SiteParts _parts;
    private readonly VrrpObserver _observer;
    private readonly CreditPublisher _publisher;
    private readonly Witness? _witness;
    private readonly long _born;
    private readonly ITimer _timer;
    private IDisposable? _health;
    private ConductState _state = new();
    private ConfigurationReloadToken _changed = new();
    private volatile VrrpSnapshot _snapshot;
    private bool _wasHeld;
    private bool _hasHeardPeer;
    private bool _hasEnded;
    private bool _isDisposed;

    internal SiteRun(string group, KeepalivedOptions options, SiteParts parts)
    {
        (Group, Options, _parts) = (group, options, parts);
        _born = parts.Time.GetTimestamp();
        _observer = new(options, group, parts.Peers, parts.Foreign, parts.Time, parts.Logger, parts.Fifos);
        _publisher = new(options, group, () => _observer.View, parts.Time, parts.Logger);
        _witness = parts.Arbiter is null ? null : new(parts.Arbiter, group, parts.Time, parts.Logger, Look);
        _timer = parts.Time.CreateTimer(static run => ((SiteRun)run!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _snapshot = Told();
        Self = new(options.Node, AddressOf(options.Node));
        Peer = new(options.Peer, AddressOf(options.Peer));
    }

    /// <summary>Raised whenever something may have changed. On any thread.</summary>
    internal event Action? Changed;

    /// <summary>Raised when this node begins or ends to hold the address: in order, one at a time.</summary>
    internal event Action<bool>? HeldChanged;

    internal string Group { get; }

    internal KeepalivedOptions Options { get; }

    internal FailoverMember Self { get; }

    internal FailoverMember Peer { get; }

    internal VrrpView View => _observer.View;

    internal VrrpSnapshot Snapshot => _snapshot;

    internal TimeProvider Time => _parts.Time;

    /// <summary>Whether this node has the higher priority.</summary>
    internal bool IsPreferred => Options.Priority > Options.PeerPriority;

    /// <summary>What the peer is told. A credit that keepalived does not count is none: the peer would leave the address to a node that does not get it.</summary>
    internal VrrpClaim Claim
    {
        get
        {
            (VrrpRole role, Credit counted) = (View.Role, _publisher.Counted);

            // What a keepalived counted that takes no part any more is no credit either.
            return new(role, role == VrrpRole.Out && counted != Credit.Fault ? Credit.Unproven : counted, Options.Priority, Options.Address);
        }
    }

    internal IChangeToken GetChangeToken() => Volatile.Read(ref _changed);

    /// <summary>Begins. A second call does nothing.</summary>
    internal void Start()
    {
        lock (_gate)
        {
            if (_health is not null || _isDisposed)
            {
                return;
            }

            _observer.Changed += OnView;
            _publisher.Changed += Look;
            _parts.Foreign.Changed += Look;
            _health = ChangeToken.OnChange(_parts.Health.GetChangeToken, Look);
        }

        _publisher.Start();
        _observer.Start();
        Look();
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
        }

        _observer.Changed -= OnView;
        _publisher.Changed -= Look;
        _parts.Foreign.Changed -= Look;
        _health?.Dispose();
        await _timer.DisposeAsync().ConfigureAwait(false);

        // Who never began has nothing to say: another process of this app may drive keepalived.
        if (_health is null)
        {
            await _publisher.DisposeAsync().ConfigureAwait(false);
        }
        else
        {
            await _publisher.EndAsync(Credit.Unproven).ConfigureAwait(false);
        }

        await _observer.DisposeAsync().ConfigureAwait(false);
        await _parts.Foreign.DisposeAsync().ConfigureAwait(false);
        if (_witness is not null)
        {
            await _witness.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static Uri AddressOf(string node) => new($"vrrp://{node}/");

    private void OnView(VrrpView view)
    {
        _publisher.Wake();
        bool isHeld = view.Role == VrrpRole.Master;
        if (isHeld != _wasHeld)
        {
            _wasHeld = isHeld;
            HeldChanged?.Invoke(isHeld);
        }

        Look();
    }

    /// <summary>Looks at everything, and publishes what follows from it.</summary>
    private void Look()
    {
        Act(static state => state);
    }

    /// <summary>Changes what is remembered, and looks.</summary>
    private void Act(Func<ConductState, ConductState> change)
    {
        try
        {
            bool hasChanged;
            ConductState before, after;
            lock (_gate)
            {
                if (_isDisposed)
                {
                    return;
                }

                before = _state;
                _hasHeardPeer |= View.PeerClaim is not null;
                TimeSpan now = _parts.Time.GetElapsedTime(_born);
                SwitchbackOptions switchback = _parts.Group().Switchback;
                ConductSettings settings = new(IsPreferred, switchback.Mode == SwitchbackMode.Auto && !_parts.IsPinned(), switchback.HoldDown, 3 * Options.PeerInterval);
                after = _state = Conduct.Next(change(before), Facts(), settings, now);
                _publisher.Publish(_state.Credit);
                _witness?.Want(View.Role == VrrpRole.Master && !_hasEnded);
                TimeSpan? heardBy = _hasHeardPeer || now >= HeardBy ? null : HeardBy;
                _timer.Change(new[] { _state.NextLook, heardBy }.Min() is { } next ? (next > now ? next - now : TimeSpan.Zero) + TimeSpan.FromMilliseconds(1) : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

                // In here: of two that look at once the later one has the last word.
                VrrpSnapshot told = Told();
                hasChanged = !Same(_snapshot, told);
                _snapshot = told;
            }

            if (after.Credit != before.Credit)
            {
                Log.CreditChanged(_parts.Logger, Group, after.Credit, after.Reason);
            }

            // Ours first: a subscriber's callback may throw.
            LookAtWaits();
            Changed?.Invoke();
            if (hasChanged)
            {
                Interlocked.Exchange(ref _changed, new()).OnReload();
            }
        }
#pragma warning disable CA1031 // A subscriber of ours, or a clock that is gone: the next news looks again.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Log.SiteFailed(_parts.Logger, Group, failure.GetType().Name, failure.StackTrace);
        }
    }

    private ConductFacts Facts()
    {
        VrrpView view = View;
        HealthVerdicts verdicts = _parts.Health.Verdicts;
        return new()
        {
            IsStarted = verdicts.IsStarted,
            CanServe = verdicts.CanServe,
            IsStale = verdicts.IsStale,
            IsDraining = verdicts.IsDraining,
            HasEnded = _hasEnded,
            Why = verdicts.Reason,
            Role = view.Role,
            PeerRole = view.PeerRole,
            PeerCredit = view.PeerCredit,
            PeerCanServe = view.PeerCanServe,
            IsToYield = view.Standing == VrrpStanding.DualMaster && _witness is { IsOtherHolding: true },
        };
    }

    private VrrpSnapshot Told()
    {
        VrrpView view = View;
        Publication publication = _publisher.Now;
        return new()
        {
            Standing = view.Standing,
            OwnsAddress = view.OwnsAddress,
            Credit = publication.Credit,
            IsAcknowledged = publication.IsAcknowledged,
            Problem = publication.Problem ?? view.Problem ?? PeerProblem(view),
            Reason = _state.Reason,
            Detectors = [$"peer: {(view.PeerRole is { } role ? $"{Options.Peer} is {new VrrpClaim(role, view.PeerCredit ?? Credit.Unproven)}" : $"{Options.Peer} is not heard")}", .. _parts.Foreign.Detectors, .. _witness is null ? [] : new[] { $"witness: {_witness.Word}" }],
        };
    }

    /// <summary>What the two nodes do not agree on; null if nothing is known to be wrong.</summary>
    private string? PeerProblem(VrrpView view) => view.PeerClaim switch
    {
        { Priority: { } priority } when priority != Options.PeerPriority => string.Create(CultureInfo.InvariantCulture, $"{Options.Peer} says that its Priority is {priority}, and PeerPriority is {Options.PeerPriority} here: on each node Priority is its own, and PeerPriority that of the other"),
        { Address: { } address } when !IsOurs(address) => $"{Options.Peer} says that the address is {address}, and Address is {Options.Address} here",
        null when !_hasHeardPeer && _parts.Time.GetElapsedTime(_born) >= HeardBy => string.Create(CultureInfo.InvariantCulture, $"{Options.Peer} was not heard in the first {HeardBy.TotalSeconds:0} s: see Failover:Peers, where Addresses, Key and the Node of each must fit, and whether its app runs"),
        _ => null,
    };

    /// <summary>An address can be written in several ways.</summary>
    private bool IsOurs(string address) => IPAddress.TryParse(address, out IPAddress? theirs) && theirs.Equals(IPAddress.Parse(Options.Address));

    private static bool Same(VrrpSnapshot one, VrrpSnapshot other) => one with { Detectors = other.Detectors } == other && one.Detectors.SequenceEqual(other.Detectors);
}
