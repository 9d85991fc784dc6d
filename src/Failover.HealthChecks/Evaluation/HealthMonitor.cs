using System.Collections.Immutable;
using Failover.HealthChecks.Peers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Primitives;

namespace Failover.HealthChecks.Evaluation;

/// <summary>
/// Runs the checks when they fall due, one run of each at a time, and puts what is known of them into a snapshot. Decides nothing: <see cref="CheckState"/> and <see cref="HealthBoard"/> do.
/// Under its lock nothing of anybody else's runs, no check, no logger and no callback: whoever reads may wait for it.
/// </summary>
internal sealed partial class HealthMonitor : IDisposable
{
    /// <summary>The longest time between two looks at the clock: what <see cref="AliveFor"/> goes by.</summary>
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    /// <summary>How long without a beat the evaluation still counts as going on.</summary>
    private static readonly TimeSpan AliveFor = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly IServiceScopeFactory _scopes;
    private readonly TimeProvider _time;
    private readonly LastGoodSection<HealthOptions> _options;
    private readonly NodeDrain _drain;
    private readonly PeerBoard _peers;
    private readonly HealthTelemetry _telemetry;
    private readonly HealthTeller _teller;
    private readonly long _born;
    private readonly ImmutableArray<CheckSlot> _slots;
    private readonly List<IDisposable> _following = [];
    private volatile HealthSnapshot? _snapshot;
    private volatile ConfigurationReloadToken _changed = new();
    private ITimer? _timer;
    private TimeSpan _lastBeat;
    private long _number;
    private bool _begun;
    private bool _stopped;

    internal HealthMonitor(
        IEnumerable<(HealthCheckRegistration Registration, TimeSpan? Period)> registrations,
        IServiceScopeFactory scopes,
        LastGoodSection<HealthOptions> options,
        NodeDrain drain,
        PeerBoard peers,
        HealthTelemetry telemetry,
        HealthTeller teller,
        TimeProvider time)
    {
        _slots = [.. registrations.Select(one => new CheckSlot(one.Registration, one.Period))];
        (_scopes, _options, _drain, _peers, _telemetry, _teller, _time) = (scopes, options, drain, peers, telemetry, teller, time);
        _born = time.GetTimestamp();
    }

    internal TimeSpan Elapsed => _time.GetElapsedTime(_born);

    internal HealthSnapshot Snapshot
    {
        get
        {
            HealthSnapshot snapshot = _snapshot ?? First();
            return Elapsed <= snapshot.FreshUntil ? snapshot : Renew();
        }
    }

    /// <summary>The checks with a run under way, and when its time is over; null where it was, and the run left behind.</summary>
    internal IReadOnlyList<(string Check, TimeSpan? Limit)> UnderWay
    {
        get
        {
            lock (_gate)
            {
                return [.. from slot in _slots where slot.Run is not null select (slot.Name, slot.IsRunning ? slot.Run!.Limit : (TimeSpan?)null)];
            }
        }
    }

    internal IChangeToken GetChangeToken() => _changed;

    /// <summary>Starts the checks; a second call does nothing.</summary>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">Some settings are invalid.</exception>
    internal void Begin()
    {
        _ = _options.Current;
        lock (_gate)
        {
            if (_begun || _stopped)
            {
                return;
            }

            _begun = true;
            _lastBeat = Elapsed;
            _timer = Timer();

            // Before the settings are read: a change in between is followed, not missed.
            _following.Add(ChangeToken.OnChange(_options.GetChangeToken, Reconfigure));
            _following.Add(ChangeToken.OnChange(_drain.GetChangeToken, DrainChanged));
            _following.Add(ChangeToken.OnChange(_peers.GetChangeToken, PeersHeard));
            Configure(Now());
            _teller.Started(_slots);
            if (_drain.IsDraining)
            {
                _teller.Drains(_drain.Reasons);
            }

            _telemetry.Watch(this);
            Publish(Now());
            Arm();
        }
    }

    /// <summary>Ends the evaluation. Runs under way are told to end and not waited for; what they still say is of no interest.</summary>
    public void Dispose()
    {
        CheckRun[] runs;
        lock (_gate)
        {
            if (_stopped)
            {
                return;
            }

            _stopped = true;
            _timer?.Dispose();
            runs = [.. _slots.Select(slot => slot.Run).OfType<CheckRun>()];
        }

        // Not under the lock: these wait for a callback that is running, and that waits for the lock.
        _following.ForEach(static one => one.Dispose());
        _telemetry.Forget(this);
        Array.ForEach(runs, static run => run.Cancel());
    }

    private HealthSnapshot First()
    {
        Begin();
        lock (_gate)
        {
            // Disposed of before it was ever begun.
            return _snapshot ?? Publish(Now());
        }
    }

    private HealthSnapshot Renew()
    {
        lock (_gate)
        {
            // Another reader may have done it.
            return Elapsed <= _snapshot!.FreshUntil ? _snapshot : Publish(Now());
        }
    }

    private void Reconfigure()
    {
        lock (_gate)
        {
            if (!_stopped)
            {
                Moment now = Now();
                Configure(now);
                Publish(now);
                Arm();
            }
        }
    }

    private void Configure(Moment now)
    {
        HealthOptions options = _options.Current;
        foreach (CheckSlot slot in _slots)
        {
            slot.Configure(options, now);
        }
    }

    private void DrainChanged()
    {
        lock (_gate)
        {
            if (!_stopped)
            {
                _teller.Drains(_drain.Reasons);
                Publish(Now());
            }
        }
    }

    private void PeersHeard()
    {
        lock (_gate)
        {
            if (!_stopped)
            {
                Publish(Now());
            }
        }
    }

    private HealthSnapshot Publish(Moment now)
    {
        ImmutableArray<CheckSnapshot> checks = [.. _slots.Select(slot => slot.Snapshot(now))];
        ImmutableArray<PeerSnapshot> peers = _peers.Peers;
        bool isAlive = now.Elapsed - _lastBeat <= AliveFor;
        NodeConditions conditions = new(_drain.IsDraining, isAlive, _begun ? _options.Problem : null, check => PeerProof.Holds(check, checks, peers, now.Elapsed));
        HealthVerdicts verdicts = HealthBoard.Judge(checks, conditions);

        // It changes by time alone when a check goes stale, the beat is missed, or a proof gets old.
        TimeSpan freshUntil = isAlive ? _lastBeat + AliveFor : TimeSpan.MaxValue;
        foreach (PeerSnapshot peer in peers)
        {
            freshUntil = !peer.Proofs.IsEmpty && peer.FreshUntil is { } fresh && fresh >= now.Elapsed && fresh < freshUntil ? fresh : freshUntil;
        }

        TimeSpan next = _slots.IsEmpty ? now.Elapsed + Beat : TimeSpan.MaxValue;
        foreach (CheckSlot slot in _slots)
        {
            freshUntil = slot.State.KnownUntil(slot.Settings) is { } known && known >= now.Elapsed && known < freshUntil ? known : freshUntil;
            next = slot.NextOutcome < next ? slot.NextOutcome : next;
        }

        HealthSnapshot? before = _snapshot;
        _snapshot = new(verdicts, checks, conditions, now, freshUntil, next, ++_number);
        if (before is not null && before.Verdicts != verdicts && !_stopped)
        {
            ConfigurationReloadToken waiting = _changed;
            _changed = new();
            _teller.Changed(before.Verdicts, verdicts, waiting);
        }

        return _snapshot;
    }

    /// <summary>Without the execution context of who reads first: that must not stand in that of every run.</summary>
    private ITimer Timer()
    {
        using AsyncFlowControl? flow = ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();
        return _time.CreateTimer(static monitor => ((HealthMonitor)monitor!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private Moment Now() => new(Elapsed, _time.GetUtcNow());
}
