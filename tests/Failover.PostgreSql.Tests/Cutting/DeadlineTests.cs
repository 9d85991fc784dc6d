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
}
