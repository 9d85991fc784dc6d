namespace Failover.PostgreSql.Cutting;

/// <summary>A wait, one at a time, that is given an end while it lasts. Whether it ended by itself or by us is decided once: never both.</summary>
internal sealed class Deadline(TimeProvider time, Action expired)
{
    private const long Waiting = 1;

    // An odd number while a wait lasts, two further for each.
    private long _wait;
    private long _armedFor;
    private ITimer? _timer;

    internal void Begin() => Volatile.Write(ref _wait, _wait + ((_wait & Waiting) == 0 ? 1 : 2));

    /// <summary>Gives the wait that lasts an end. From any thread; nothing happens if none lasts.</summary>
    internal void Arm(TimeSpan grace)
    {
        Volatile.Write(ref _armedFor, Volatile.Read(ref _wait));
        if (grace <= TimeSpan.Zero)
        {
            Expire();
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

    private void Expire()
    {
        long wait = Volatile.Read(ref _armedFor);
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

        ITimer timer = time.CreateTimer(static state => ((Deadline)state!).Expire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (Interlocked.CompareExchange(ref _timer, timer, null) is { } other)
        {
            timer.Dispose();
            return other;
        }

        return timer;
    }
}
