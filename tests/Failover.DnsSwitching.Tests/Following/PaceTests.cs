using Failover.DnsSwitching.Following;

namespace Failover.DnsSwitching.Tests.Following;

/// <summary>When a name is looked at again.</summary>
public sealed class PaceTests
{
    [Theory]
    [InlineData(10.0, 9.0, 10.0)]      // the TTL, and never beyond it
    [InlineData(3600.0, 27.0, 30.0)]   // the cap
    [InlineData(0.0, 1.0, 1.1)]        // the floor
    [InlineData(1.05, 1.0, 1.1)]
    [InlineData(null, 4.5, 5.0)]       // the system's resolver tells none
    public void Looks_are_spread_below_TTL_and_cap_and_above_the_floor(double? timeToLive, double earliest, double latest)
    {
        TimeSpan? its = timeToLive is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

        Assert.Equal([earliest, latest], new[] { 0.0, 1.0 }.Select(chance => Math.Round(Pace.Next(new(), its, NameVerdict.Same, chance).TotalSeconds, 6)));
        Assert.Equal(50, Enumerable.Range(0, 50).Select(step => Pace.Next(new(), its, NameVerdict.Same, step / 50.0)).Distinct().Count());
    }

    [Fact]
    public void Another_answer_is_confirmed_at_the_floor_though_its_TTL_is_long() =>
        Assert.Equal(TimeSpan.FromSeconds(1), Pace.Next(new(), TimeSpan.FromHours(1), NameVerdict.Unconfirmed, chance: 0));

    [Fact]
    public void Answers_that_differ_each_time_are_looked_at_when_their_TTL_ends() =>
        Assert.Equal(TimeSpan.FromSeconds(9), Pace.Next(new(), TimeSpan.FromSeconds(10), NameVerdict.Unsteady, chance: 0));

    [Fact]
    public void With_the_most_jitter_a_look_comes_no_earlier_than_the_floor() =>
        Assert.Equal(TimeSpan.FromSeconds(1), Pace.Next(new() { Jitter = 1 }, TimeSpan.FromSeconds(30), NameVerdict.Same, chance: 0));
}
