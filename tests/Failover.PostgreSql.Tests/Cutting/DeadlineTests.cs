using Failover.PostgreSql.Cutting;
using Microsoft.Extensions.Time.Testing;

namespace Failover.PostgreSql.Tests.Cutting;

public sealed class DeadlineTests
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new();
    private readonly Deadline _deadline;
    private int _expired;

    public DeadlineTests() => _deadline = new Deadline(_time, () => _expired++);

    [Fact]
    public void A_wait_that_outlives_its_grace_is_ended_once()
    {
        _deadline.Begin();
        _deadline.Arm(Grace);
        _time.Advance(Grace);
        _time.Advance(Grace);

        Assert.False(_deadline.End());
        Assert.Equal(1, _expired);
    }

    [Fact]
    public void A_grace_counts_for_its_own_wait_alone()
    {
        _deadline.Begin();
        _deadline.Arm(Grace);
        Assert.True(_deadline.End());
        _deadline.Begin();
        _time.Advance(Grace);

        Assert.True(_deadline.End());
        Assert.Equal(0, _expired);
    }

    [Fact]
    public void Where_nobody_waits_there_is_nothing_to_end()
    {
        _deadline.Arm(TimeSpan.Zero);
        _deadline.Begin();
        _time.Advance(Grace);
        Assert.True(_deadline.End());

        _deadline.Begin();
        _deadline.Arm(TimeSpan.Zero);
        Assert.False(_deadline.End());
        Assert.Equal(1, _expired);
    }

    [Fact]
    public void A_timer_that_comes_late_leaves_the_next_wait_its_own_grace()
    {
        LateTimers time = new();
        Deadline deadline = new(time, () => _expired++);
        deadline.Begin();
        deadline.Arm(Grace);
        time.Advance(Grace);
        Assert.True(deadline.End());

        // That of the wait before comes now.
        deadline.Begin();
        deadline.Arm(Grace);
        time.Come();
        Assert.Equal(0, _expired);

        time.Advance(Grace);
        time.Come();
        Assert.Equal(1, _expired);
        Assert.False(deadline.End());
    }

    /// <summary>A clock whose timers come when the test says so.</summary>
    private sealed class LateTimers : FakeTimeProvider
    {
        internal Action Come { get; private set; } = static () => { };

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Come = () => callback(state);
            return base.CreateTimer(static _ => { }, null, dueTime, period);
        }
    }
}
