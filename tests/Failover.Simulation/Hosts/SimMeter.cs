namespace Failover.Simulation.Hosts;

/// <summary>What real calls of one host write of one member.</summary>
internal sealed class SimMeter
{
    private readonly List<TimeSpan> _waiting = [];
    private long _succeeded;
    private long _failed;
    private long _disputed;
    private int _inARow;
    private long _drains;
    private TimeSpan _drainFor;
    private long _putOff;
    private bool _heard;
    private TimeSpan _lastSuccess = TimeSpan.MinValue;

    /// <summary>The reading that the engine knows.</summary>
    internal MeterReading Fed { get; set; }

    internal void Start(TimeSpan now) => _waiting.Add(now);

    /// <returns>Whether the engine is to be told at once.</returns>
    internal bool Succeeded(TimeSpan start, TimeSpan now)
    {
        _waiting.Remove(start);
        _succeeded++;
        _lastSuccess = now;
        bool first = _inARow > 0 || _heard;
        _inARow = 0;
        _heard = false;
        return first;
    }

    /// <summary>What the answer to a call says of the member's own leaving.</summary>
    internal void Heard(ProbeResult answer)
    {
        if (answer.Outcome == ProbeOutcome.Draining)
        {
            _drains++;
            _drainFor = answer.DrainFor ?? TimeSpan.FromSeconds(60);
            _heard = true;
        }
        else if (answer.DrainFor is not null)
        {
            _putOff++;
        }
    }

    internal void Failed(TimeSpan start)
    {
        _waiting.Remove(start);
        _failed++;
        _inARow++;
    }

    internal void Disputed(TimeSpan start)
    {
        _waiting.Remove(start);
        _disputed++;
    }

    /// <summary>A call that was disputed until the next member had answered it was this one's fault.</summary>
    internal void Confirmed()
    {
        _disputed--;
        _failed++;
        _inARow++;
    }

    internal MeterReading Read(TimeSpan now, TimeSpan hangAge) => new()
    {
        Succeeded = _succeeded,
        Failed = _failed,
        Disputed = _disputed,
        FailuresInARow = _inARow,
        Drains = _drains,
        DrainFor = _drainFor,
        PutOff = _putOff,
        Waiting = _waiting.Count,
        Overdue = _waiting.Count(start => now - start >= hangAge && start > _lastSuccess),
        OldestWaiting = _waiting.Count == 0 ? TimeSpan.Zero : now - _waiting.Min(),
    };
}
