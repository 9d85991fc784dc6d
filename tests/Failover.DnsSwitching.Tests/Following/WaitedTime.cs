using Microsoft.Extensions.Time.Testing;

namespace Failover.DnsSwitching.Tests.Following;

/// <summary>A clock of the test's that knows how many wait for it, but for those who look at it again and again.</summary>
internal sealed class WaitedTime : FakeTimeProvider
{
    private int _waiting;
    private int _waits;

    internal int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Gets how many have begun to wait, ever.</summary>
    internal int Waits => Volatile.Read(ref _waits);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (period != Timeout.InfiniteTimeSpan || dueTime == Timeout.InfiniteTimeSpan)
        {
            return base.CreateTimer(callback, state, dueTime, period);
        }

        Wait wait = new(this);
        wait.Inner = base.CreateTimer(its =>
        {
            wait.End();
            callback(its);
        }, state, dueTime, period);
        Interlocked.Increment(ref _waits);
        return wait;
    }

    private sealed class Wait : ITimer
    {
        private readonly WaitedTime _time;
        private int _hasEnded;

        internal Wait(WaitedTime time)
        {
            _time = time;
            Interlocked.Increment(ref time._waiting);
        }

        internal ITimer? Inner { get; set; }

        internal void End()
        {
            if (Interlocked.Exchange(ref _hasEnded, 1) == 0)
            {
                Interlocked.Decrement(ref _time._waiting);
            }
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => Inner!.Change(dueTime, period);

        public void Dispose()
        {
            End();
            Inner!.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            End();
            return Inner!.DisposeAsync();
        }
    }
}
