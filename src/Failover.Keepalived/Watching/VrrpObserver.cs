using System.Net;
using Failover.Keepalived.Sites;
using Failover.Keepalived.SplitBrain;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace Failover.Keepalived.Watching;

/// <summary>
/// Runs the fold over keepalived's lines, the address, the peer's claim and the wire. An event is folded on the thread that brings it, under a lock that is never held while foreign code runs; what has changed is told in order, by one thread at a time.
/// </summary>
internal sealed class VrrpObserver : IAsyncDisposable
{
    /// <summary>How often the address, the peer and the wire are looked at although nothing was told of them.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    /// <summary>Of more changes that wait only the last is told: who listens is far behind.</summary>
    private const int MostWaiting = 1024;

    private readonly Lock _gate = new();
    private readonly LinkedList<VrrpState> _waiting = new();
    private readonly VrrpNames _names;
    private readonly KeepalivedOptions _options;
    private readonly string _group;
    private readonly string _claim;
    private readonly IPeerClaims _peers;
    private readonly IForeignHolders _foreign;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly long _born;
    private readonly ITimer _timer;
    private readonly AddressWatch _address;
    private readonly FifoListener _lines;
    private VrrpState _state = new();
    private VrrpState _told = new();
    private IDisposable? _peerNews;
    private volatile VrrpView _view = new();
    private volatile bool _isDisposed;
    private TimeSpan _nextPoll = Pace;
    private bool _isTelling;
    private bool _hasStarted;
    private int _hasGarbage;

    internal VrrpObserver(KeepalivedOptions options, string group, IPeerClaims peers, IForeignHolders foreign, TimeProvider time, ILogger logger, FifoReaders fifos)
        : this(options, group, peers, foreign, time, logger, Looker(options.Address), fifos)
    {
    }

    /// <param name="options">The settings.</param>
    /// <param name="group">The name of the group.</param>
    /// <param name="peers">What the peers claim.</param>
    /// <param name="foreign">What is seen on the wire.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The logger.</param>
    /// <param name="isHere">Whether the address is on an interface of this node.</param>
    /// <param name="fifos">Read what keepalived writes, for all who listen; null if nobody else does.</param>
    internal VrrpObserver(KeepalivedOptions options, string group, IPeerClaims peers, IForeignHolders foreign, TimeProvider time, ILogger logger, Func<bool> isHere, FifoReaders? fifos = null)
    {
        (_options, _group, _peers, _foreign, _time, _logger) = (options, group, peers, foreign, time, logger);
        _names = VrrpNames.Of(options);
        _claim = VrrpClaim.NameOf(group);
        _born = time.GetTimestamp();
        _timer = time.CreateTimer(static observer => ((VrrpObserver)observer!).OnTime(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _address = new(isHere, owns => Post(new OwnershipSeen(owns)), Failed);
        _lines = (fifos ?? new()).Join(options.Fifo, Post, OnGarbage);
    }

    /// <summary>Raised with each new view: in order, one at a time, never the same twice. On the thread that brought the news. What it throws is logged.</summary>
    internal event Action<VrrpView>? Changed;

    /// <summary>Gets what is known now. One volatile read.</summary>
    internal VrrpView View => _view;

    /// <summary>Begins. A second call does nothing.</summary>
    internal void Start()
    {
        lock (_gate)
        {
            if (_hasStarted || _isDisposed)
            {
                return;
            }

            _hasStarted = true;
        }

        // Without AF_NETLINK, which a hardened unit may forbid, it looks each second and is not told.
        Guarded(_address.Start);
        _foreign.Changed += OnForeign;
        _peerNews = ChangeToken.OnChange(_peers.GetChangeToken, OnPeers);
        Guarded(() => _peers.AskEvery(_options.PeerInterval));
        OnTime();
        _lines.Start();
    }

    /// <summary>Ends it. No view is told any more when this has ended, but for one that is being told. Not to be waited for in <see cref="Changed"/>.</summary>
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

        _foreign.Changed -= OnForeign;
        _peerNews?.Dispose();
        _address.Dispose();
        await _timer.DisposeAsync().ConfigureAwait(false);
        await _lines.DisposeAsync().ConfigureAwait(false);
    }

    private static Func<bool> Looker(string address) => IPAddress.TryParse(address, out IPAddress? its) ? () => AddressWatch.IsHere(its) : static () => false;

    private void OnForeign() => Post(new ForeignSeen(_foreign.SeesAnother));

    private void OnPeers()
    {
        PeerClaim? heard = _peers.Find(_options.Peer, _claim);
        Post(new PeerHeard(heard is { IsFresh: true } ? new(VrrpClaim.Read(heard.Value), heard.CanServe, heard.Answers) : null));
    }

    /// <summary>All is looked at once more before it is judged that something was so for too long.</summary>
    private void OnTime()
    {
        lock (_gate)
        {
            _nextPoll = _time.GetElapsedTime(_born) + Pace;
        }

        _address.Look();
        Guarded(OnPeers);
        Guarded(OnForeign);
        Post(new Ticked());
    }

    private void OnGarbage()
    {
        if (Interlocked.Exchange(ref _hasGarbage, 1) == 0)
        {
            Log.Garbage(_logger, _group, _options.Fifo);
        }
    }

    private void Post(VrrpEvent happened)
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            TimeSpan now = _time.GetElapsedTime(_born);
            VrrpState before = _state;
            _state = Fold(happened, now);
            TimeSpan wait = (_state.NextLook is { } next && next < _nextPoll ? next : _nextPoll) - now;

            // Rounded up, so that it does not come a moment too early, for nothing.
            _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(Math.Max(1, wait.TotalMilliseconds))), Timeout.InfiniteTimeSpan);
            if (_state.View == before.View && _state.Asks == before.Asks)
            {
                return;
            }

            _view = _state.View;
            if (_waiting.Count == MostWaiting)
            {
                _waiting.RemoveLast();
            }

            _waiting.AddLast(_state);
            if (_isTelling)
            {
                return;
            }

            _isTelling = true;
        }

        Tell();
    }

    private VrrpState Fold(VrrpEvent happened, TimeSpan now)
    {
        try
        {
            return VrrpFold.Apply(_state, happened, _names, now);
        }
#pragma warning disable CA1031 // A bug of the fold must end neither the thread of the reader nor the process: what is known stays, and is looked at again with the next poll.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Failed(failure);
            return _state with { NextLook = null };
        }
    }

    private void Tell()
    {
        while (true)
        {
            VrrpState state;
            lock (_gate)
            {
                if (_waiting.First is not { } first || _isDisposed)
                {
                    _isTelling = false;
                    return;
                }

                _waiting.RemoveFirst();
                state = first.Value;
            }

            VrrpState before = _told;
            _told = state;
            if (state.View.Role != before.View.Role)
            {
                Guarded(() => _foreign.Hold(state.View.Role == VrrpRole.Master));
            }

            if (before.View.Standing == VrrpStanding.DualMaster && state.View is { Role: VrrpRole.Master, Standing: not VrrpStanding.DualMaster, PeerRole: VrrpRole.Backup or VrrpRole.Out })
            {
                // The peer has yielded. This one never did, and so its keepalived never told the network anew where the address is.
                Guarded(() => _foreign.AnnounceAfter(_options.Peer));
            }

            if (state.Asks != before.Asks)
            {
                Guarded(_peers.LookNow);
            }

            if (state.View != before.View)
            {
                Guarded(() => Changed?.Invoke(state.View));
                Guarded(() => VrrpTelling.Write(_logger, _group, _names, before.View, state.View));
            }
        }
    }

    private void Guarded(Action call)
    {
        try
        {
            call();
        }
#pragma warning disable CA1031 // A bug of whoever listens, or of a part, ends nothing here.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Failed(failure);
        }
    }

    private void Failed(Exception failure) => Log.Failed(_logger, _group, failure.GetType().Name, failure.StackTrace);
}
