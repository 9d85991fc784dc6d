using Failover.AspNetCore.Draining;

namespace Failover.AspNetCore.Tests.Draining;

public class ShutdownHoldTests
{
    [Theory]
    [InlineData(null, false, 5)]
    [InlineData(null, true, 0)]
    [InlineData(7, true, 7)]
    [InlineData(0, false, 0)]
    public void A_shutdown_holds_as_long_as_asked_and_not_at_all_for_who_develops(int? set, bool isDevelopment, int expected) =>
        Assert.Equal(TimeSpan.FromSeconds(expected), ShutdownHold.Wanted(new() { Hold = set is { } seconds ? TimeSpan.FromSeconds(seconds) : null }, isDevelopment));

    [Theory]
    [InlineData(5, 30, 5)]
    [InlineData(25, 30, 24)]
    [InlineData(5, 5, 4)]
    [InlineData(5, 0, 0)]
    public void It_leaves_a_fifth_of_the_shutdown_timeout_to_requests_in_flight(int wanted, int timeout, int expected) =>
        Assert.Equal(TimeSpan.FromSeconds(expected), ShutdownHold.Possible(TimeSpan.FromSeconds(wanted), TimeSpan.FromSeconds(timeout)));

    [Fact]
    public void It_is_not_cut_where_a_shutdown_may_take_for_ever() =>
        Assert.Equal(TimeSpan.FromSeconds(5), ShutdownHold.Possible(TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan));
}
