using System.Collections.Immutable;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace Failover.HealthChecks.Evaluation;

/// <summary>Runs the checks when they fall due, one run of each at a time, and puts what is known of them into a snapshot. Decides nothing: <see cref="CheckState"/> and <see cref="HealthBoard"/> do.</summary>
internal sealed class HealthMonitor : IDisposable
{
    /// <summary>The longest time between two looks at the clock: what <see cref="AliveFor"/> goes by.</summary>
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    /// <summary>How long without a beat the evaluation still counts as going on.</summary>
    private static readonly TimeSpan AliveFor = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly IServiceScopeFactory _scopes;
    private readonly TimeProvider _time;
    private readonly LastGoodSection<HealthOptions> _options;
    private readonly NodeDrain _drain;
    private readonly HealthTelemetry _telemetry;
    private readonly ILogger _logger;
    private readonly long _born;
    private readonly ImmutableArray<CheckSlot> _slots;
    private readonly List<IDisposable> _following = [];
    private volatile HealthSnapshot? _snapshot;
    private volatile ConfigurationReloadToken _changed = new();
    private ITimer? _timer;
    private TimeSpan _lastBeat;
    private long _number;
    private bool _begun;

    internal HealthMonitor(
        IEnumerable<(HealthCheckRegistration Registration, TimeSpan? Period)> registrations,
        IServiceScopeFactory scopes,
        LastGoodSection<HealthOptions> options,
        NodeDrain drain,
        HealthTelemetry telemetry,
        TimeProvider time,
        ILogger<NodeHealth> logger)
    {
        _slots = [.. registrations.Select(one => new CheckSlot(one.Registration, one.Period))];
        (_scopes, _options, _drain, _telemetry, _time, _logger) = (scopes, options, drain, telemetry, time, logger);
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
                return [.. from slot in _slots
                           where slot.Run is not null
                           select (slot.Registration.Name, slot.Due == TimeSpan.MaxValue ? slot.Run!.Started.Elapsed + slot.Settings.Timeout : (TimeSpan?)null)];
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
            if (_begun)
            {
                return;
            }

            _begun = true;
            _lastBeat = Elapsed;
            Configure();
            Log.Started(_logger, _slots.Length, string.Join(", ", _slots.Select(slot => $"{slot.Registration.Name} ({slot.Settings.Criticality}, {slot.Settings.Scope})")));

            // What starts the node must not stand in the context of every run.
            using (ExecutionContext.SuppressFlow())
            {
                _timer = _time.CreateTimer(static monitor => ((HealthMonitor)monitor!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                _following.Add(ChangeToken.OnChange(_options.GetChangeToken, Reconfigure));
                _following.Add(ChangeToken.OnChange(_drain.GetChangeToken, Tell));
            }

            Publish();
            Arm();
        }

        _telemetry.Watch(this);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _begun = true;
            _stopping.Cancel();
            _timer?.Dispose();
            _following.ForEach(static one => one.Dispose());
        }

        _telemetry.Forget(this);
    }

    private HealthSnapshot First()
    {
        Begin();
        lock (_gate)
        {
            // Disposed of before it was ever begun.
            return _snapshot ?? Publish();
        }
    }

    private HealthSnapshot Renew()
    {
        lock (_gate)
        {
            return Elapsed <= _snapshot!.FreshUntil ? _snapshot : Publish();
        }
    }

    private void Reconfigure()
    {
        lock (_gate)
        {
            Configure();
            foreach (CheckSlot slot in _slots)
            {
                // A shorter period counts from now on; a longer one from the next outcome.
                TimeSpan latest = Elapsed + PeriodOf(slot);
                slot.Due = slot.Due > latest ? latest : slot.Due;
            }

            Publish();
            Arm();
        }
    }

    private void Configure()
    {
        HealthOptions options = _options.Current;
        foreach (CheckSlot slot in _slots)
        {
            slot.Configure(options);
        }
    }

    private void Tell()
    {
        lock (_gate)
        {
            Publish();
        }
    }

    private void Wake()
    {
        lock (_gate)
        {
            if (_stopping.IsCancellationRequested)
            {
                return;
            }

            Moment now = Now();
            _lastBeat = now.Elapsed;
            bool changed = false;
            foreach (CheckSlot slot in _slots)
            {
                if (slot.Due <= now.Elapsed)
                {
                    changed |= Due(slot, now);
                }
            }

            if (changed || now.Elapsed + Beat > _snapshot!.FreshUntil)
            {
                Publish();
            }

            Arm();
        }
    }

    /// <summary>Begins a run; where one was left behind and still goes on, that is an outcome, too.</summary>
    private bool Due(CheckSlot slot, Moment now)
    {
        slot.Due = now.Elapsed + PeriodOf(slot);
        if (slot.Run is { } running)
        {
            if (slot.State is { IsStuck: false })
            {
                slot.State = slot.State with { IsStuck = true };
                Log.Stuck(_logger, slot.Registration.Name, slot.Settings.Timeout);
            }

            Observe(slot, new(slot.Registration.FailureStatus, now.Since(running.Started)) { Error = CheckRun.Stuck }, now);
            return true;
        }

        // Until it is heard of, nothing else falls due: the time limit ends every wait.
        slot.Due = TimeSpan.MaxValue;
        slot.Runs++;
        slot.Run = new(slot.Registration, _scopes, _time, now);
        slot.Run.Begin(slot.Settings.Timeout, (run, outcome) => Heard(slot, run, outcome), run => Ended(slot, run), _stopping.Token);
        return false;
    }

    private void Heard(CheckSlot slot, CheckRun run, CheckOutcome outcome)
    {
        lock (_gate)
        {
            if (_stopping.IsCancellationRequested)
            {
                return;
            }

            if (slot.Kind is null && run.Kind is { } kind)
            {
                slot.Kind = kind;
                slot.Configure(_options.Current);
            }

            Moment now = Now();
            Observe(slot, outcome, now);
            slot.Due = now.Elapsed + PeriodOf(slot);
            Publish();
            Arm();
        }
    }

    private void Ended(CheckSlot slot, CheckRun run)
    {
        lock (_gate)
        {
            if (slot.Run != run)
            {
                return;
            }

            slot.Run = null;
            if (slot.State.IsStuck)
            {
                slot.State = slot.State with { IsStuck = false };
                Log.NoLongerStuck(_logger, slot.Registration.Name);
                Publish();
            }
        }
    }

    private void Observe(CheckSlot slot, CheckOutcome outcome, Moment now)
    {
        HealthStatus? before = slot.State.Status;
        slot.State = slot.State.Observe(outcome, slot.Settings, now);
        _telemetry.Ran(slot.Registration.Name, outcome);
        if (slot.State.Status == before)
        {
            return;
        }

        if (slot.State.Status == HealthStatus.Healthy)
        {
            Log.Passes(_logger, slot.Registration.Name);
        }
        else
        {
            Log.Fails(_logger, slot.Registration.Name, slot.State.Status!.Value, outcome.Error ?? "by its own word", Redacted.Of(outcome.Words));
        }
    }

    private HealthSnapshot Publish()
    {
        Moment now = Now();
        ImmutableArray<CheckSnapshot> checks = [.. _slots.Select(slot => slot.Snapshot(now))];
        NodeConditions conditions = new(_drain.IsDraining, now.Elapsed - _lastBeat <= AliveFor, _begun ? _options.Problem : null, static _ => false);
        HealthVerdicts verdicts = HealthBoard.Judge(checks, conditions);
        TimeSpan freshUntil = conditions.IsAlive ? _lastBeat + AliveFor : TimeSpan.MaxValue;
        TimeSpan next = now.Elapsed + Beat;
        foreach (CheckSlot slot in _slots)
        {
            if (slot.State.LastAt is { } last && last.Elapsed + slot.Settings.Staleness is var stale && stale >= now.Elapsed && stale < freshUntil)
            {
                freshUntil = stale;
            }

            next = slot.Due < next ? slot.Due : next;
        }

        HealthSnapshot? before = _snapshot;
        HealthSnapshot snapshot = _snapshot = new(verdicts, checks, now, freshUntil, next, ++_number);
        if (before?.Verdicts != verdicts)
        {
            if (before is not null)
            {
                Log.Verdicts(_logger, verdicts.Operational, verdicts.CanServe, verdicts.Reason ?? "all is well");
            }

            ConfigurationReloadToken token = _changed;
            _changed = new();
            ThreadPool.UnsafeQueueUserWorkItem(static fired => fired.OnReload(), token, preferLocal: false);
        }

        return snapshot;
    }

    private static TimeSpan PeriodOf(CheckSlot slot)
    {
        TimeSpan period = slot.State.IsCalm || slot.State.Last is null ? slot.Settings.Period : slot.Settings.FailurePeriod;
        return period * Jitter.Of(slot.Registration.Name, slot.Runs);
    }

    private void Arm()
    {
        TimeSpan next = Beat;
        TimeSpan now = Elapsed;
        foreach (CheckSlot slot in _slots)
        {
            TimeSpan wait = slot.Due - now;
            next = wait < next ? wait : next;
        }

        _timer?.Change(next > TimeSpan.Zero ? next : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private Moment Now() => new(Elapsed, _time.GetUtcNow());
}
