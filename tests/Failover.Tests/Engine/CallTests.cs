using Failover.Engine;

namespace Failover.Tests.Engine;

public class CallTests
{
    [Fact]
    public void Calls_that_fail_after_the_one_that_ended_an_outage_count_even_if_one_reading_shows_both()
    {
        Story group = Given.Settled(Given.Priority with { Rise = 1 }, "a", "b").AtOnce(Calls.Fail("a", 3));
        Assert.Equal("b", group.Active?.Name);
        MemberState a = group["a"];
        MeterReading both = a.Reading with { Succeeded = a.Reading.Succeeded + 1, Failed = a.Reading.Failed + 3, FailuresInARow = 3 };

        group = group.Feed(new MeterRead(a.Member, a.Incarnation, both), group.Now);

        Assert.Equal(Verdict.Unhealthy, group["a"].Verdict);
    }
}
