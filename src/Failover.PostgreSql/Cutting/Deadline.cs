namespace Failover.PostgreSql.Cutting;

/// <summary>A wait, one at a time, that is given an end while it lasts. Whether it ended by itself or by us is decided once: never both.</summary>
internal sealed class Deadline(TimeProvider time, Action expired)
{
    private const long Waiting = 1;

    /// <summary>Timers may come by so much too early.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    // An odd number while a wait lasts, two further for each.
    private long _wait;
    private long _armedFor;

    /// <summary>When that is to end, as a timestamp of the clock. Written before it, and read after it.</summary>
    private long _due;
    private ITimer? _timer;

    internal void Begin() => Volatile.Write(ref _wait, _wait + ((_wait & Waiting) == 0 ? 1 : 2));

    /// <summary>Gives the wait that lasts an end. From any thread; nothing happens if none lasts.</summary>
    internal void Arm(TimeSpan grace)
    {
        Volatile.Write(ref _due, time.GetTimestamp() + (long)(grace.TotalSeconds * time.TimestampFrequency));
        Volatile.Write(ref _armedFor, Volatile.Read(ref _wait));
        if (grace <= TimeSpan.Zero)
        {
            Expire(Volatile.Read(ref _armedFor));
            return;
        }

        ITimer timer = _timer ?? NewTimer();
        timer.Change(grace, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The wait is over. False if it was us who ended it.</summary>
    internal bool End()
    {
        long wait = Volatile.Read(ref _wait);
        return (wait & Waiting) != 0 && Interlocked.CompareExchange(ref _wait, wait + Waiting, wait) == wait;
    }

    /// <summary>The timer has come. It may have been waited for on a busy machine, and be the one of a wait that is over: the one that lasts has its own time.</summary>
    private void TimeIsOver()
    {
        long wait = Volatile.Read(ref _armedFor);
        TimeSpan left = TimeSpan.FromSeconds((Volatile.Read(ref _due) - time.GetTimestamp()) / (double)time.TimestampFrequency);
        if (left > Tick)
        {
            _timer!.Change(left, Timeout.InfiniteTimeSpan);
        }
        else
        {
            Expire(wait);
        }
    }

    private void Expire(long wait)
    {
        if ((wait & Waiting) != 0 && Interlocked.CompareExchange(ref _wait, wait + Waiting, wait) == wait)
        {
            expired();
        }
    }

    // Without the caller's execution context: the timer lives as long as the connection.
    private ITimer NewTimer()
    {
        if (!ExecutionContext.IsFlowSuppressed())
        {
            using (ExecutionContext.SuppressFlow())
            {
                return NewTimer();
            }
        }

        ITimer timer = time.CreateTimer(static state => ((Deadline)state!).TimeIsOver(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (Interlocked.CompareExchange(ref _timer, timer, null) is { } other)
        {
            timer.Dispose();
            return other;
        }

        return timer;
    }
}
