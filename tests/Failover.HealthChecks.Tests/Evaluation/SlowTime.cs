using Microsoft.Extensions.Time.Testing;

namespace Failover.HealthChecks.Tests.Evaluation;

/// <summary>A clock that a test moves, and timers that it can hold up: so it is in a process that has no thread left.</summary>
internal sealed class SlowTime : FakeTimeProvider
{
    private readonly List<Action> _heldUp = [];
    private bool _holds;

    /// <summary>How far the wall clock was set forward or back. The monotonic one knows nothing of it.</summary>
    internal TimeSpan WallClock { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + WallClock;

    public override long GetTimestamp() => base.GetUtcNow().UtcTicks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>From now on no timer fires.</summary>
    internal void HoldTimers() => _holds = true;

    /// <summary>Lets fire those that would have.</summary>
    internal void LetTimersGo()
    {
        _holds = false;
        _heldUp.ForEach(fire => fire());
        _heldUp.Clear();
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => base.CreateTimer(
        told =>
        {
            if (_holds)
            {
                _heldUp.Add(() => callback(told));
            }
            else
            {
                callback(told);
            }
        },
        state,
        dueTime,
        period);
}
