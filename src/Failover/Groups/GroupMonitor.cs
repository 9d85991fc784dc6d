using Failover.Election;
using Failover.Engine;

namespace Failover.Groups;

/// <summary>
/// Runs one group: takes one event after the other, folds it, swaps the snapshot, and carries out what the fold asks for. The only owner of its timer and tasks.
/// An event is folded on the thread that brings it, under a lock that is never held while foreign code runs; when <see cref="Post"/> returns, the snapshot shows it.
/// What was decided is carried out in order, by one thread at a time, outside of the lock.
/// </summary>
internal sealed partial class GroupMonitor
{
    private static readonly TimeSpan NotArmed = TimeSpan.MinValue;
    private static readonly TimeSpan PauseAfterFault = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();
    private readonly FailoverGroup _handle;
    private readonly GroupParts _parts;
    private readonly long _born;
    private readonly Queue<Outgoing> _outbox = new();
    private readonly MemberTable _members;
    private Outlets? _outlets;
    private GroupSettings _settings;
    private FailoverMember[] _firstMembers;
    private MemberRules _rules;
    private GroupState? _state;
    private string? _configurationError;
    private ITimer? _timer;
    private TimeSpan _armed = NotArmed;
    private TimeSpan _notBefore;
    private bool _carrying;
    private volatile bool _stopped;

    internal GroupMonitor(FailoverGroup handle, GroupParts parts, GroupOptions options, FailoverMember[] members)
    {
        _handle = handle;
        _parts = parts;
        _born = parts.Time.GetTimestamp();
        _settings = SettingsOf.Options(parts, options);
        _firstMembers = members;
        _rules = parts.MemberRules;
        Action<MemberMeter> trip = Trip;
        _members = new(parts, trip);
    }

    internal string Name => _parts.Name;

    internal string Kind => _parts.Kind;

    /// <summary>Null before the start.</summary>
    internal GroupSnapshot? Snapshot => _handle.Current;

    internal bool IsStopped => _stopped;

    internal GroupSnapshot FirstSnapshot()
    {
        Start();
        return Snapshot!;
    }

    /// <summary>Starts on somebody's command: a group that has ended does not begin again.</summary>
    internal void Begin()
    {
        ThrowIfStopped();
        Start();
    }

    /// <summary>Starts on first use. What is left of a group that has ended can still be read.</summary>
    private void Start() => ObjectDisposedException.ThrowIf(!TryStart(), typeof(FailoverGroup));

    /// <returns>Whether the group was ever started; false if it ended before.</returns>
    private bool TryStart()
    {
        if (Snapshot is not null)
        {
            return true;
        }

        ITimer timer = Unflowed.Timer(_parts.Time, static monitor => ((GroupMonitor)monitor!).Wake(), this);
        lock (_gate)
        {
            if (Snapshot is not null || _stopped)
            {
                timer.Dispose();
                return Snapshot is not null;
            }

            _timer = timer;
            EpochBook epochs = _parts.EpochPath is { } path ? EpochFile.Load(path, _parts) : EpochBook.Empty;
            Step first = GroupFold.Start(_settings, [.. _firstMembers], epochs, Seed.New(), Now());
            _firstMembers = [];
            _outlets = new(this, _parts);
            Take(first);
            _carrying = true;
        }

        _parts.Telemetry.Add(this);
        _outlets.Start();
        CarryOut();
        return true;
    }

    /// <summary>Takes an event in. When it returns, the snapshot shows what came of it.</summary>
    internal void Post(GroupEvent happened)
    {
        bool carry;
        lock (_gate)
        {
            Fold(happened);
            carry = MustCarry();
        }

        CarryOutIf(carry);
    }

    private void Fold(GroupEvent happened)
    {
        if (_stopped || _state is null)
        {
            return;
        }

        Step step;
        try
        {
            step = GroupFold.Apply(_state, happened, Now());
        }
        catch (Exception exception)
        {
            // A bug of the engine must not end the group; nor may a moment that it keeps failing at make it spin.
            _notBefore = Now().Elapsed + PauseAfterFault;
            _outbox.Enqueue(new(Snapshot, Snapshot, [], null, happened, exception));
            return;
        }

        Take(step);
    }

    private void Take(Step step)
    {
        GroupState? before = _state;
        GroupSnapshot? shown = Snapshot;
        if (!ReferenceEquals(before, step.State))
        {
            _state = step.State;
            Show();
        }

        EpochBook? epochs = _parts.EpochPath is not null && EpochFile.IsWorthWriting(before?.Epochs, step.State.Epochs) ? step.State.Epochs : null;
        bool onlyWakes = step.Effects.Count == 0 || (step.Effects.Count == 1 && step.Effects[0] is WakeAt);
        if (!onlyWakes || epochs is not null || !ReferenceEquals(shown, Snapshot))
        {
            _outbox.Enqueue(new(shown, Snapshot, step.Effects, epochs, null, null));
        }

        Remember(step.Effects);
    }

    /// <summary>Swaps the snapshot, and tells those who wait for it.</summary>
    private void Show()
    {
        GroupSnapshot? before = Snapshot;
        GroupSnapshot after = _members.Update(_state!, before, _configurationError, _rules.AllowsInsecure);
        if (ReferenceEquals(before, after))
        {
            return;
        }

        _handle.Current = after;
        TellGivenUp(before, after);
        if (before is null || after.IsNewsAfter(before))
        {
            Changed(after);
        }
    }

    /// <summary>Whether the caller has to carry out what is waiting; if not, another thread does, or there is nothing.</summary>
    private bool MustCarry()
    {
        if (_carrying || _state is null || (_outbox.Count == 0 && (_stopped || WakeWanted() == _armed)))
        {
            return false;
        }

        return _carrying = true;
    }

    private void CarryOutIf(bool carry)
    {
        if (carry)
        {
            CarryOut();
        }
    }

    private void CarryOut()
    {
        while (true)
        {
            Outgoing? next;
            TimeSpan wake = NotArmed;
            lock (_gate)
            {
                if (!_outbox.TryDequeue(out next))
                {
                    wake = WakeWanted();
                    if (_stopped || wake == _armed)
                    {
                        _carrying = false;
                        return;
                    }

                    _armed = wake;
                }
            }

            if (next is null)
            {
                Arm(wake);
                continue;
            }

            try
            {
                _outlets!.CarryOut(next);
            }
            catch (Exception exception)
            {
                Log.EffectFault(_parts.Logger, Name, exception);
            }
        }
    }

    /// <summary>The state's wish is the truth, not the effect: a timer that rings too early or a step that failed would lose it.</summary>
    private TimeSpan WakeWanted() => _state!.WakeAt < _notBefore ? _notBefore : _state.WakeAt;

    private void Arm(TimeSpan wake)
    {
        TimeSpan due = wake - _parts.Time.GetElapsedTime(_born);
        due = wake == TimeSpan.MaxValue ? Timeout.InfiniteTimeSpan
            : due > LongestTimer ? LongestTimer
            : TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(due.TotalMilliseconds)));
        _timer!.Change(due, Timeout.InfiniteTimeSpan);
    }

    internal Moment Now() => new(_parts.Time.GetElapsedTime(_born), _parts.Time.GetUtcNow());
}
