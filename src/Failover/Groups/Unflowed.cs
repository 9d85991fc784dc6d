namespace Failover.Groups;

/// <summary>Makes timers that do not hold on to the execution context of whoever used a group first: that would keep a request's locals alive as long as the group.</summary>
internal static class Unflowed
{
    internal static ITimer Timer(TimeProvider time, TimerCallback callback, object state)
    {
        if (ExecutionContext.IsFlowSuppressed())
        {
            return time.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        using (ExecutionContext.SuppressFlow())
        {
            return time.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
