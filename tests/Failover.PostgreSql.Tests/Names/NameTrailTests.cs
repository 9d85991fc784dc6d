using System.Net;
using Failover.PostgreSql.Names;

namespace Failover.PostgreSql.Tests.Names;

public class NameTrailTests
{
    private readonly NameTrail _trail = new();

    [Fact]
    public void A_name_that_leads_to_another_address_has_moved_once()
    {
        Assert.Equal([false, false, true, false], [Take(0, 1), Take(1, 1), Take(2, 2), Take(3, 2)]);
    }

    [Fact]
    public void No_answer_and_another_order_are_no_move() =>
        Assert.Equal([false, false, false, false], [Take(0, 1, 2), Take(1), Take(2, 2, 1), Take(3, 1, 2)]);

    [Fact]
    public void As_long_as_one_address_stays_connections_are_kept()
    {
        Assert.Equal([false, false, false], [Take(0, 1, 2), Take(1, 2, 3), Take(2, 3, 4)]);
        Assert.True(Take(3, 5));
    }

    [Fact]
    public void A_name_that_rotates_costs_no_more_than_the_first_turn() =>
        Assert.Equal([false, true, false, false, false], [Take(0, 1), Take(10, 2), Take(20, 1), Take(60, 2), Take(110, 1)]);

    [Fact]
    public void To_come_back_after_a_minute_is_a_move_again() =>
        Assert.Equal([false, true, true], [Take(0, 1), Take(10, 2), Take(70, 1)]);

    private bool Take(int second, params byte[] last) => _trail.Take([.. last.Select(static one => new IPAddress([10, 0, 0, one]))], TimeSpan.FromSeconds(second));
}
