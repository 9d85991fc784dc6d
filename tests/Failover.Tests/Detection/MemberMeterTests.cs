using Failover.Detection;
using Microsoft.Extensions.Time.Testing;

namespace Failover.Tests.Detection;

public class MemberMeterTests
{
    private static readonly HangAges Ages = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(10));

    private readonly MemberMeter _meter;
    private int _trips;

    public MemberMeterTests() => _meter = new(new FakeTimeProvider(), _ => _trips++);

    [Fact]
    public void A_call_in_doubt_stands_among_the_disputed_ones_and_waits_no_longer()
    {
        _meter.Doubted(_meter.Start());

        Assert.Equal((0, 0, 1, 0), Told());
        Assert.Equal(1, _trips);
    }

    [Fact]
    public void What_a_call_in_doubt_ends_as_is_all_that_is_left_of_it()
    {
        _meter.Failed(_meter.Doubted(_meter.Start()));
        Assert.Equal((0, 1, 0, 0), Told());
        Assert.Equal(1, _meter.Read(Ages).FailuresInARow);

        _meter.Disputed(_meter.Doubted(_meter.Start()));
        Assert.Equal((0, 1, 1, 0), Told());

        _meter.Cancelled(_meter.Doubted(_meter.Start()));
        Assert.Equal((0, 1, 1, 0), Told());

        _meter.Succeeded(_meter.Doubted(_meter.Start()));
        Assert.Equal((1, 1, 1, 0), Told());
    }

    [Fact]
    public void A_call_that_starts_in_the_place_of_one_in_doubt_is_not_ended_with_it()
    {
        long doubted = _meter.Doubted(_meter.Start());
        for (int i = 0; i < 64; i++)
        {
            _meter.Start();
        }

        _meter.Failed(doubted);

        Assert.Equal((0, 1, 0, 64), Told());
    }

    private (long Succeeded, long Failed, long Disputed, int Waiting) Told()
    {
        MeterReading reading = _meter.Read(Ages);
        return (reading.Succeeded, reading.Failed, reading.Disputed, reading.Waiting);
    }
}
