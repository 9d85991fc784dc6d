using Failover.HealthChecks.Tests.Evaluation;

namespace Failover.HealthChecks.Tests.Peers;

/// <summary>Rule 9: what is shared takes no node out of service, unless a peer proves that it does not have the failure.</summary>
public class FleetTests
{
    // Two runs that fail (13.2 s), the peer's next run (11 s), a second until it is asked, and another run that fails after a failure period (4.4 s).
    private static readonly TimeSpan ToLeave = TimeSpan.FromSeconds(30);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 20)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task When_a_shared_database_goes_away_and_comes_back_no_node_leaves(int seed)
    {
        Random random = new(seed);
        await using Fleet fleet = await ThreeAsync(random);
        HashSet<string> left = Leavers(fleet, "a", "b", "c");
        bool isDown = false;
        Dictionary<string, TimeSpan> noticesLater = new() { ["a"] = TimeSpan.Zero, ["b"] = Time(random, 2), ["c"] = Time(random, 2) };
        TimeSpan back = TimeSpan.MaxValue;
        fleet.Reaches = (node, _) => !isDown || fleet["a"].Monitor.Elapsed >= back + noticesLater[node];

        for (int outage = 0; outage < 2; outage++)
        {
            await fleet.PassAsync(Time(random, 12));
            (isDown, back) = (true, TimeSpan.MaxValue);
            await fleet.PassAsync(TimeSpan.FromSeconds(random.Next(1, 40)));
            back = fleet["a"].Monitor.Elapsed;
            await fleet.PassAsync(TimeSpan.FromSeconds(15));
            isDown = false;
        }

        Assert.Empty(left);
        Assert.All(["a", "b", "c"], node => Assert.True(fleet[node].Health.Verdicts.Operational));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task A_node_that_alone_lost_its_way_leaves_and_comes_back(int seed)
    {
        Random random = new(seed);
        await using Fleet fleet = await ThreeAsync(random);
        HashSet<string> left = Leavers(fleet, "a", "b", "c");
        await fleet.PassAsync(Time(random, 12));
        fleet.Reaches = (node, _) => node != "b";

        await fleet.UntilAsync(() => !fleet["b"].Serves, ToLeave);
        Assert.Equal("db unhealthy (not so at a peer)", fleet["b"].Health.Verdicts.Reason);
        await fleet.PassAsync(TimeSpan.FromSeconds(60));
        Assert.False(fleet["b"].Serves);

        fleet.Reaches = (_, _) => true;
        await fleet.UntilAsync(() => fleet["b"].Serves, TimeSpan.FromSeconds(3));
        await fleet.PassAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(["b"], left);
    }

    [Fact]
    public async Task It_stays_out_without_a_break_while_its_peer_goes_on_to_prove_it()
    {
        await using Fleet fleet = await TwoAsync("db");
        fleet.Reaches = (node, _) => node != "a";
        await fleet.UntilAsync(() => !fleet["a"].Serves, ToLeave);
        int back = 0;
        fleet.Watch = () => back += fleet["a"].Serves ? 1 : 0;

        await fleet.PassAsync(TimeSpan.FromMinutes(2));

        Assert.Equal(0, back);
    }

    [Fact]
    public async Task When_the_peer_loses_it_as_well_the_node_that_had_left_comes_back()
    {
        await using Fleet fleet = await TwoAsync("db");
        fleet.Reaches = (node, _) => node != "a";
        await fleet.UntilAsync(() => !fleet["a"].Serves, ToLeave);
        HashSet<string> left = Leavers(fleet, "b");

        fleet.Reaches = (_, _) => false;
        await fleet.UntilAsync(() => fleet["a"].Serves, ToLeave);
        HashSet<string> leftAgain = Leavers(fleet, "a", "b");
        await fleet.PassAsync(TimeSpan.FromSeconds(60));

        Assert.Empty(left);
        Assert.Empty(leftAgain);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task When_the_peer_drains_or_is_gone_the_node_that_had_left_comes_back(bool drains)
    {
        await using Fleet fleet = await TwoAsync("db");
        fleet.Reaches = (node, _) => node != "a";
        await fleet.UntilAsync(() => !fleet["a"].Serves, ToLeave);

        if (drains)
        {
            fleet["b"].Drain.Begin("deployment");
        }
        else
        {
            fleet.Answers = _ => false;
        }

        await fleet.UntilAsync(() => fleet["a"].Serves, TimeSpan.FromSeconds(4));
        await fleet.PassAsync(TimeSpan.FromSeconds(60));
        Assert.True(fleet["a"].Serves);
        Assert.False(fleet["a"].Health.Verdicts.Operational);
    }

    [Fact]
    public async Task What_a_peer_said_gets_old_by_time_alone()
    {
        await using Fleet fleet = await TwoAsync("db");
        fleet.Reaches = (node, _) => node != "a";
        await fleet.UntilAsync(() => !fleet["a"].Serves, ToLeave);
        fleet.Time.HoldTimers();

        fleet.Time.Advance(TimeSpan.FromSeconds(1.5));
        Assert.False(fleet["a"].Serves);
        fleet.Time.Advance(TimeSpan.FromSeconds(1.6));
        Assert.True(fleet["a"].Serves);

        fleet.Time.LetTimersGo();
    }

    [Fact]
    public async Task Two_nodes_with_a_failure_each_of_its_own_both_stay()
    {
        await using Fleet fleet = await TwoAsync("db", "cache");
        HashSet<string> left = Leavers(fleet, "a", "b");
        fleet.Reaches = (node, what) => (node, what) is not (("a", "db") or ("b", "cache"));

        await fleet.PassAsync(TimeSpan.FromMinutes(2));

        Assert.Empty(left);
        Assert.Equal((false, false), (fleet["a"].Health.Verdicts.Operational, fleet["b"].Health.Verdicts.Operational));
    }

    [Fact]
    public async Task What_fails_everywhere_does_not_keep_a_node_from_leaving_for_what_fails_there_alone()
    {
        await using Fleet fleet = await TwoAsync("db", "cache");
        HashSet<string> left = Leavers(fleet, "b");
        fleet.Reaches = (node, what) => what == "db" && node == "b";

        await fleet.UntilAsync(() => !fleet["a"].Serves, ToLeave);
        await fleet.PassAsync(TimeSpan.FromSeconds(60));

        Assert.Equal((false, 0), (fleet["a"].Serves, left.Count));
    }

    [Fact]
    public async Task Without_peers_it_never_leaves_for_what_is_shared()
    {
        await using Fleet fleet = new();
        fleet.Start("a", [], ["db"]);
        await fleet.AllServeAsync();
        HashSet<string> left = Leavers(fleet, "a");
        fleet.Reaches = (_, _) => false;

        await fleet.PassAsync(TimeSpan.FromMinutes(2));

        Assert.Empty(left);
        Assert.Equal("db unhealthy", fleet["a"].Health.Verdicts.Reason);
    }

    [Fact]
    public async Task Peers_are_asked_often_only_while_something_shared_fails_here()
    {
        await using Fleet fleet = new();
        fleet.Start("b", [], ["db"]);
        fleet.Start("a", ["b"], ["db"]);
        await fleet.AllServeAsync();
        await fleet.PassAsync(TimeSpan.FromSeconds(60));
        Assert.InRange(fleet.Asked, 5, 8);

        fleet.Reaches = (node, _) => node != "a";
        await fleet.UntilAsync(() => fleet["a"].Check("db").StatusName == "unhealthy", ToLeave);
        int before = fleet.Asked;
        await fleet.PassAsync(TimeSpan.FromSeconds(30));
        Assert.InRange(fleet.Asked - before, 28, 32);

        fleet.Reaches = (_, _) => true;
        await fleet.AllServeAsync();
        before = fleet.Asked;
        await fleet.PassAsync(TimeSpan.FromSeconds(60));
        Assert.InRange(fleet.Asked - before, 5, 8);
    }

    [Fact]
    public async Task What_came_of_asking_is_logged_once_for_each_change()
    {
        await using Fleet fleet = await TwoAsync("db");
        await fleet.PassAsync(TimeSpan.FromSeconds(60));
        fleet.Answers = _ => false;
        await fleet.PassAsync(TimeSpan.FromSeconds(60));
        fleet.Answers = _ => true;
        await fleet.PassAsync(TimeSpan.FromSeconds(60));

        await Node.Eventually(() => fleet["a"].Logged("PeerHeard").Length > 1);
        Assert.Equal(["Peer http://b/health/peer answers as b.", "Peer http://b/health/peer answers as b."], fleet["a"].Logged("PeerHeard").Select(record => record.Message));
        Assert.Equal("Peer http://b/health/peer proves nothing: HttpRequestException (ConnectionError).", Assert.Single(fleet["a"].Logged("PeerNotHeard")).Message);
    }

    [Fact]
    public async Task A_node_that_asks_itself_proves_nothing()
    {
        await using Fleet fleet = new();
        fleet.Start("a", ["a"], ["db"]);
        await fleet.AllServeAsync();
        await fleet.PassAsync(TimeSpan.FromSeconds(20));

        Assert.StartsWith("it is called a, like this node", Assert.Single(fleet["a"].Peers.Snapshot).Outcome, StringComparison.Ordinal);
        Assert.Null(fleet["a"].Peers.Snapshot[0].FreshUntil);
    }

    private static async Task<Fleet> ThreeAsync(Random random)
    {
        Fleet fleet = new();
        foreach (string name in new[] { "a", "b", "c" })
        {
            fleet.Start(name, [.. new[] { "a", "b", "c" }.Except([name])], ["db"]);
            if (name == "c")
            {
                break;
            }

            fleet.Answers = asked => string.CompareOrdinal(asked, name) <= 0;
            await fleet.PassAsync(Time(random, 10));
        }

        fleet.Answers = static _ => true;
        await fleet.AllServeAsync();
        return fleet;
    }

    private static async Task<Fleet> TwoAsync(params string[] checks)
    {
        Fleet fleet = new();
        fleet.Start("b", [], checks);
        await fleet.PassAsync(TimeSpan.FromSeconds(3));
        fleet.Start("a", ["b"], checks);
        await fleet.AllServeAsync();
        return fleet;
    }

    /// <summary>Those that leave service from now on.</summary>
    private static HashSet<string> Leavers(Fleet fleet, params string[] nodes)
    {
        HashSet<string> left = [];
        Action before = fleet.Watch;
        fleet.Watch = () =>
        {
            before();
            left.UnionWith(nodes.Where(node => !fleet[node].Serves));
        };
        return left;
    }

    private static TimeSpan Time(Random random, int seconds) => TimeSpan.FromMilliseconds(100 * random.Next(0, seconds * 10));
}
