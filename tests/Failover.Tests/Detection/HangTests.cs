using Failover.Detection;
using Microsoft.Extensions.Time.Testing;

namespace Failover.Tests.Detection;

public class HangTests
{
    private static readonly HangAges Ages = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(10));

    private readonly FakeTimeProvider _time = new();
    private readonly MemberMeter _meter;

    public HangTests() => _meter = new(_time, _ => { });

    [Fact]
    public void Reads_are_overdue_sooner_than_writes()
    {
        _meter.Start(CallKind.Read);
        _meter.Start(CallKind.Write);

        Assert.Equal(0, OverdueAfter(499));
        Assert.Equal(1, OverdueAfter(1));
        Assert.Equal(1, OverdueAfter(1499));
        Assert.Equal(2, OverdueAfter(1));
    }

    [Fact]
    public void A_member_whose_slow_calls_take_long_is_given_four_times_as_long()
    {
        Call(CallKind.Read, 400);
        Call(CallKind.Read, 10);
        _meter.Start(CallKind.Read);

        Assert.Equal(0, OverdueAfter(1500));
        Assert.Equal(1, OverdueAfter(100));
    }

    [Fact]
    public void Slow_writes_do_not_make_reads_wait()
    {
        Call(CallKind.Write, 3000);
        _meter.Start(CallKind.Read);

        Assert.Equal(1, OverdueAfter(500));
    }

    [Fact]
    public void However_slow_a_member_was_there_is_a_limit()
    {
        Call(CallKind.Write, 60_000);
        _meter.Start(CallKind.Write);

        Assert.Equal(0, OverdueAfter(9_999));
        Assert.Equal(1, OverdueAfter(1));
    }

    [Fact]
    public void What_was_slow_once_is_forgotten_with_many_quick_calls()
    {
        Call(CallKind.Read, 2_000);
        for (int i = 0; i < 1_000; i++)
        {
            Call(CallKind.Read, 1);
        }

        _meter.Start(CallKind.Read);
        Assert.Equal(1, OverdueAfter(500));
    }

    [Fact]
    public void A_success_since_a_call_began_shows_that_the_member_is_slow_and_not_hung()
    {
        _meter.Start(CallKind.Read);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Call(CallKind.Read, 1);

        Assert.Equal(0, OverdueAfter(60_000));
    }

    private void Call(CallKind kind, int milliseconds)
    {
        long call = _meter.Start(kind);
        _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        _meter.Succeeded(call);
    }

    private int OverdueAfter(int milliseconds)
    {
        _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        return _meter.Read(Ages).Overdue;
    }
}
