using System.Collections.Immutable;
using Failover.HealthChecks.Evaluation;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Failover.HealthChecks.Peers;

/// <summary>Asks the peers, each in turn and one request of each at a time, and puts what it hears on the board. Often only while it matters, or somebody wants it.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "The token source has no timer: cancelling it is all there is to do.")]
internal sealed class PeerPoller(LastGoodSection<PeerOptions> options, HealthMonitor monitor, PeerBoard board, PeerClient client, RevisionFile revision, TimeProvider time, ILogger<NodePeers> logger) : IDisposable
{
    /// <summary>How often while a critical check of scope Shared fails here.</summary>
    private static readonly TimeSpan Often = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Outbox _outbox = new();
    private readonly CancellationTokenSource _end = new();
    private readonly Dictionary<string, long> _answers = new(StringComparer.OrdinalIgnoreCase);
    private List<Peer> _peers = [];
    private ITimer? _timer;
    private TimeSpan? _revisionDue = TimeSpan.Zero;
    private TimeSpan _atLeastEach = TimeSpan.MaxValue;
    private bool _ticksSoon;
    private bool _stopped;

    /// <summary>Whether a request, or the reading of the revision, is under way.</summary>
    internal bool IsBusy
    {
        get
        {
            lock (_gate)
            {
                return _ticksSoon || _revisionDue is null || _peers.Any(static peer => peer.Due is null || peer.IsWanted);
            }
        }
    }

    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">Some settings are invalid.</exception>
    internal void Begin()
    {
        _ = options.Current;
        lock (_gate)
        {
            if (_timer is null && !_stopped)
            {
                using AsyncFlowControl? flow = ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();
                _timer = time.CreateTimer(static poller => ((PeerPoller)poller!).Tick(), this, TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>Asks all now. One that is being asked is asked once more, for its answer may be older than what made somebody look.</summary>
    internal void LookNow()
    {
        lock (_gate)
        {
            if (!_stopped)
            {
                _peers.ForEach(static peer => peer.IsWanted = true);
                TickSoon();
            }
        }
    }

    /// <summary>Asks at least so often from now on.</summary>
    internal void AskEvery(TimeSpan interval)
    {
        lock (_gate)
        {
            _atLeastEach = Shorter(_atLeastEach, interval);
            foreach (Peer peer in _peers)
            {
                // What was heard while it was asked seldom must not count for longer than what is heard from now on.
                peer.Snapshot = peer.Snapshot.NotFreshAfter(monitor.Elapsed + (3 * interval));
            }

            board.Set(_peers.Select(static one => one.Snapshot));
            TickSoon();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _stopped = true;
            _timer?.Dispose();
        }

        _ = _end.CancelAsync();
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    /// <summary>Not on the thread of who wants it, which may hold a lock. Under ours.</summary>
    private void TickSoon()
    {
        if (_timer is not null && !_ticksSoon && !_stopped)
        {
            _ticksSoon = true;
            ThreadPool.UnsafeQueueUserWorkItem(static poller => poller.Tick(), this, preferLocal: false);
        }
    }

    /// <summary>Looks who is to be asked: as often as it can become urgent, since nothing but time tells that.</summary>
    private void Tick()
    {
        PeerOptions now = options.Current;
        bool isUrgent = monitor.Snapshot.Checks.Any(static check => check is { Criticality: Criticality.Critical, Scope: CheckScope.Shared, Status: HealthStatus.Unhealthy });
        TimeSpan interval;
        List<Peer> due = [];
        bool isOther;
        bool readsRevision;
        lock (_gate)
        {
            if (_stopped)
            {
                return;
            }

            _ticksSoon = false;
            isOther = Follow(now);
            TimeSpan elapsed = monitor.Elapsed;
            TimeSpan calm = Shorter(now.Interval, _atLeastEach);
            interval = isUrgent ? Shorter(Often, calm) : calm;
            foreach (Peer peer in _peers.Where(peer => peer.Due is not null && (peer.IsWanted || Shorter(peer.Due.Value, peer.AskedAt + interval) <= elapsed)))
            {
                (peer.Due, peer.AskedAt, peer.IsWanted) = (null, elapsed, false);
                due.Add(peer);
            }

            readsRevision = _revisionDue <= elapsed;
            _revisionDue = readsRevision ? null : _revisionDue;
            _timer!.Change(Shorter(Often, calm) / 2, Timeout.InfiniteTimeSpan);
        }

        if (isOther)
        {
            TellBoard();
        }

        due.ForEach(peer => _ = AskAsync(peer, now, interval));
        if (readsRevision)
        {
            _ = ReadRevisionAsync(now);
        }
    }

    private async Task AskAsync(Peer peer, PeerOptions now, TimeSpan interval)
    {
        TimeSpan asked = monitor.Elapsed;
        DateTimeOffset utc = time.GetUtcNow();
        (string outcome, PeerMessage? message) = await client.AskAsync(peer.Uri, now, _end.Token).ConfigureAwait(false);
        ImmutableArray<CheckSnapshot> own = monitor.Snapshot.Checks;
        lock (_gate)
        {
            if (_stopped)
            {
                return;
            }

            TimeSpan heard = monitor.Elapsed;
            PeerSnapshot before = peer.Snapshot;
            peer.Due = asked + (now.Interval * Jitter.Of(peer.Address, peer.Asked++));
            peer.Snapshot = message is null
                ? new(peer.Address) { Outcome = outcome, FreshUntil = before.FreshUntil, ClockSkew = before.ClockSkew, Message = before.Message, Answers = before.Answers, Proofs = before.Proofs }
                : new(peer.Address)
                {
                    Outcome = outcome,
                    FreshUntil = asked + (3 * interval),
                    ClockSkew = ClockOffset.Of(message.Clock, utc, heard - asked),
                    Message = message,
                    Answers = _answers[message.Node] = _answers.GetValueOrDefault(message.Node) + 1,
                    Proofs = PeerProof.Of(before.IsFresh(heard) ? before.Proofs : PeerProof.None, message, own, asked, heard),
                };
            Tell(peer.Address, before, outcome, message);
            board.Set(_peers.Select(static one => one.Snapshot));
            if (peer.IsWanted)
            {
                TickSoon();
            }
        }

        TellBoard();
    }

    private void TellBoard()
    {
        try
        {
            board.Tell();
        }
#pragma warning disable CA1031 // A callback of somebody else's: it must not end the process.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            string error = CheckError.Of(exception);
            string? place = CheckError.Place(exception);
            _outbox.Add(() => Log.PeerListenerThrew(logger, error, place));
        }
    }

    private async Task ReadRevisionAsync(PeerOptions now)
    {
        using CancellationTokenSource limit = new(now.Interval, time);
        await ((Task)revision.ReadAsync(limit.Token)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate)
        {
            _revisionDue = monitor.Elapsed + now.Interval;
        }
    }

    private void Tell(string address, PeerSnapshot before, string outcome, PeerMessage? message)
    {
        if (message is not null && (before.Outcome != outcome || before.Node != message.Node))
        {
            _outbox.Add(() => Log.PeerHeard(logger, address, message.Node));
        }
        else if (message is null && before.Outcome != outcome)
        {
            _outbox.Add(() => Log.PeerNotHeard(logger, address, outcome));
        }
    }

    /// <summary>Takes over the addresses as they are now; returns whether they are others.</summary>
    private bool Follow(PeerOptions now)
    {
        if (_peers.Select(static peer => peer.Address).SequenceEqual(now.Addresses))
        {
            return false;
        }

        _peers = [.. now.Addresses.Select(address => _peers.Find(peer => peer.Address == address) ?? new Peer(address))];
        board.Set(_peers.Select(static one => one.Snapshot));
        return true;
    }

    /// <summary>One that is asked.</summary>
    private sealed class Peer(string address)
    {
        internal string Address => address;

        internal Uri Uri { get; } = new(address);

        /// <summary>When it is asked next if nothing hurries; null while it is.</summary>
        internal TimeSpan? Due { get; set; } = TimeSpan.Zero;

        internal TimeSpan AskedAt { get; set; }

        /// <summary>Whether it is to be asked as soon as it is not being asked.</summary>
        internal bool IsWanted { get; set; }

        internal long Asked { get; set; }

        internal PeerSnapshot Snapshot { get; set; } = new(address);
    }
}
