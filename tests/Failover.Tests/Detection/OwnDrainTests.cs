using Failover.Detection;
using Microsoft.Extensions.Time.Testing;

namespace Failover.Tests.Detection;

public class OwnDrainTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly MemberMeter _meter;
    private int _tripped;

    public OwnDrainTests() => _meter = new(_time, _ => _tripped++);

    [Fact]
    public void The_first_word_is_told_at_once()
    {
        _meter.Draining(TimeSpan.FromSeconds(20));

        Assert.Equal((1, 1, TimeSpan.FromSeconds(20)), (_tripped, Read().Drains, Read().DrainFor));
    }

    [Fact]
    public void What_each_answer_of_a_second_says_is_told_once()
    {
        for (int i = 0; i < 1_000; i++)
        {
            _meter.Draining(TimeSpan.FromSeconds(20));
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(1, _tripped);
        _meter.Draining(TimeSpan.FromSeconds(20));
        Assert.Equal((2, 2), (_tripped, Read().Drains));
    }

    [Fact]
    public void A_word_that_lasts_longer_is_told_at_once()
    {
        _meter.Draining(TimeSpan.FromSeconds(5));
        _meter.Draining(TimeSpan.FromSeconds(20));

        Assert.Equal((2, TimeSpan.FromSeconds(20)), (_tripped, Read().DrainFor));
    }

    [Fact]
    public void A_word_that_lasts_shorter_is_told_a_second_later_since_it_may_be_another_process()
    {
        _meter.Draining(TimeSpan.FromSeconds(60));
        _meter.Draining(TimeSpan.FromSeconds(5));
        Assert.Equal(1, _tripped);

        _time.Advance(TimeSpan.FromSeconds(1));
        _meter.Draining(TimeSpan.FromSeconds(5));

        Assert.Equal((2, TimeSpan.FromSeconds(5)), (_tripped, Read().DrainFor));
    }

    [Fact]
    public void However_long_it_asks_it_is_a_minute_at_most()
    {
        _meter.Draining(TimeSpan.MaxValue);

        Assert.Equal(TimeSpan.FromSeconds(60), Read().DrainFor);
        Assert.Throws<ArgumentOutOfRangeException>(() => _meter.Draining(TimeSpan.Zero));
    }

    [Fact]
    public void Each_call_that_is_put_off_counts()
    {
        _meter.PutOff();
        _meter.PutOff();

        Assert.Equal((2, 2), (_tripped, Read().PutOff));
    }

    private MeterReading Read() => _meter.Read(default);
}
