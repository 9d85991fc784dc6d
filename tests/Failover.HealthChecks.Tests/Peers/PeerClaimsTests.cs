using Failover.HealthChecks.Tests.Evaluation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Primitives;

namespace Failover.HealthChecks.Tests.Peers;

/// <summary>What nodes claim, and how it is heard in time.</summary>
public class PeerClaimsTests
{
    private const string Site = "vrrp:site";

    private string _role = "backup ready";

    [Fact]
    public async Task What_a_peer_claims_is_heard_under_its_name()
    {
        await using Fleet fleet = await TwoAsync(new Claimer((Site, "master ready"), ("vrrp:other", "out fault")));
        IPeerClaims claims = fleet["a"].Claims;

        Assert.Equal(new PeerClaim("b", true, true, "master ready", 1), claims.Find("B", Site));
        Assert.Equal("out fault", claims.Find("b", "vrrp:other")!.Value);
        Assert.Equal(new PeerClaim("b", true, true, null, 1), claims.Find("b", "vrrp:none"));
        Assert.Null(claims.Find("c", Site));
        Assert.Null(fleet["b"].Claims.Find("a", Site));
    }

    [Fact]
    public async Task A_look_hears_at_once_what_the_peer_claims_and_whether_it_serves_now()
    {
        await using Fleet fleet = await TwoAsync(Role());
        IPeerClaims claims = fleet["a"].Claims;
        Assert.Equal(new PeerClaim("b", true, true, "backup ready", 1), claims.Find("b", Site));

        // No time passes on the clock that the timers go by.
        _role = "master ready";
        fleet["b"].Drain.Begin("deployment");
        claims.LookNow();

        await Node.Eventually(() => claims.Find("b", Site) == new PeerClaim("b", true, false, "master ready", 2));
        Assert.Equal(2, fleet.Asked);
    }

    [Fact]
    public async Task However_often_one_looks_a_request_that_is_under_way_is_followed_by_one_more()
    {
        await using Fleet fleet = await TwoAsync(Role());
        TaskCompletionSource answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        fleet.Before = _ => answer.Task;
        IPeerClaims claims = fleet["a"].Claims;

        claims.LookNow();
        await Node.Eventually(() => fleet.Asked == 2);
        for (int i = 0; i < 100; i++)
        {
            claims.LookNow();
        }

        Assert.Equal(2, fleet.Asked);
        answer.SetResult();
        await Node.Eventually(() => claims.Find("b", Site)!.Answers == 3 && !fleet["a"].Poller.IsBusy);
        Assert.Equal(3, fleet.Asked);
    }

    [Fact]
    public async Task All_peers_are_asked_by_one_look()
    {
        await using Fleet fleet = new();
        fleet.Start("b", [], []);
        fleet.Start("c", [], []);
        fleet.Start("a", ["b", "c"], []);
        IPeerClaims claims = fleet["a"].Claims;
        await fleet.UntilAsync(() => claims.Find("b", Site) is not null && claims.Find("c", Site) is not null, TimeSpan.FromSeconds(1));

        // One that hangs holds up no other.
        TaskCompletionSource never = new();
        fleet.Before = name => name == "b" ? never.Task : Task.CompletedTask;
        claims.LookNow();

        await Node.Eventually(() => claims.Find("c", Site)!.Answers == 2);
        Assert.Equal(1, claims.Find("b", Site)!.Answers);
        never.SetResult();
    }

    [Fact]
    public async Task A_peer_is_asked_as_often_as_the_one_who_wants_it_most_often_says_and_counts_for_three_of_that()
    {
        await using Fleet fleet = await TwoAsync(Role());
        IPeerClaims claims = fleet["a"].Claims;
        claims.AskEvery(TimeSpan.FromMilliseconds(200));
        claims.AskEvery(TimeSpan.FromHours(1));
        await fleet.PassAsync(TimeSpan.FromSeconds(1));
        int before = fleet.Asked;

        await fleet.PassAsync(TimeSpan.FromSeconds(30));
        Assert.InRange(fleet.Asked - before, 100, 151);

        fleet.Answers = static _ => false;
        await fleet.PassAsync(TimeSpan.FromSeconds(0.2));
        Assert.True(claims.Find("b", Site)!.IsFresh);
        await fleet.PassAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(("backup ready", false), (claims.Find("b", Site)!.Value, claims.Find("b", Site)!.IsFresh));
    }

    [Fact]
    public async Task Nobody_may_want_it_more_often_than_each_100_ms()
    {
        await using Fleet fleet = await TwoAsync(Role());

        Assert.Throws<ArgumentOutOfRangeException>(() => fleet["a"].Claims.AskEvery(TimeSpan.FromMilliseconds(99)));
        fleet["a"].Claims.AskEvery(TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public async Task A_peer_that_is_asked_is_told_of_whatever_came_of_it()
    {
        await using Fleet fleet = await TwoAsync(Role());
        IPeerClaims claims = fleet["a"].Claims;
        IChangeToken heard = claims.GetChangeToken();
        Assert.False(heard.HasChanged);

        claims.LookNow();
        await Node.Eventually(() => heard.HasChanged);

        fleet.Answers = static _ => false;
        IChangeToken silent = claims.GetChangeToken();
        claims.LookNow();
        await Node.Eventually(() => silent.HasChanged);
        Assert.Equal(2, claims.Find("b", Site)!.Answers);
    }

    [Fact]
    public async Task Who_is_told_may_look_again_and_may_throw()
    {
        await using Fleet fleet = await TwoAsync(Role());
        IPeerClaims claims = fleet["a"].Claims;
        int told = 0;
        using IDisposable following = ChangeToken.OnChange(claims.GetChangeToken, () =>
        {
            // Nothing of ours is locked meanwhile: another thread gets through.
            if (++told < 4)
            {
                Assert.True(Task.Run(() => claims.LookNow()).Wait(Node.Patience));
            }

            throw new InvalidOperationException("password=hunter2");
        });

        claims.LookNow();

        await Node.Eventually(() => claims.Find("b", Site)!.Answers == 5 && fleet["a"].Logged("PeerListenerThrew").Length > 0);
        Assert.DoesNotContain("hunter2", fleet["a"].Logged("PeerListenerThrew")[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_with_two_addresses_counts_as_one()
    {
        await using Fleet fleet = new();
        fleet.Start("b", [], [], services => services.AddSingleton<INodeClaims>(Role()));
        fleet.Start("a", ["b", "b:81"], []);
        IPeerClaims claims = fleet["a"].Claims;
        await fleet.UntilAsync(() => claims.Find("b", Site)?.Answers == 2, TimeSpan.FromSeconds(1));

        _role = "master ready";
        claims.LookNow();

        await Node.Eventually(() => claims.Find("b", Site) is { Answers: 4, Value: "master ready" });
    }

    [Fact]
    public async Task What_cannot_be_told_is_left_out_and_logged_once_and_the_rest_is_told()
    {
        Claimer throws = new() { OnRead = static () => throw new InvalidOperationException("password=hunter2") };
        Claimer halfway = new() { OnRead = static () => Halfway() };
        Claimer endless = new() { OnRead = static () => Enumerable.Repeat(KeyValuePair.Create("endless", "x"), int.MaxValue) };
        Claimer wrong = new(("", "x"), ("line\n", "x"), ("value", "a\nb"), ("empty", ""), ("null", null!), (null!, "x"), (new('n', 129), "x"), ("long", new('v', 257)), ("right", "x"));
        await using Fleet fleet = await TwoAsync(throws, halfway, endless, wrong, new Claimer((Site, "master ready")), new Claimer((Site, "backup ready")));
        IPeerClaims claims = fleet["a"].Claims;

        claims.LookNow();
        await Node.Eventually(() => claims.Find("b", Site)!.Answers == 2);

        Assert.Equal(["endless", "halfway", "right", Site], fleet["a"].Peers.Snapshot[0].Message!.Claims!.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("master ready", claims.Find("b", Site)!.Value);
        await Node.Eventually(() => fleet["b"].Logged("ClaimLeftOut").Length == 5);
        Assert.Equal(
            [
                "A claim of Claimer is left out of what peers are told: InvalidOperationException.",
                "A claim of Claimer is left out of what peers are told: FormatException.",
                "A claim of Claimer is left out of what peers are told: endless is claimed twice.",
                "A claim of Claimer is left out of what peers are told: a name has 1 to 128 characters, a value 1 to 256, none of them a control character.",
                $"A claim of Claimer is left out of what peers are told: {Site} is claimed twice.",
            ],
            fleet["b"].Logged("ClaimLeftOut").Select(static record => record.Message));
    }

    [Fact]
    public async Task A_node_tells_32_claims_at_most()
    {
        Claimer[] many = [.. Enumerable.Range(0, 2).Select(who => new Claimer([.. Enumerable.Range(0, 20).Select(number => ($"{who}-{number}", "x"))]))];
        await using Fleet fleet = await TwoAsync(many);

        Assert.Equal(32, fleet["a"].Peers.Snapshot[0].Message!.Claims!.Count);
        await Node.Eventually(() => fleet["b"].Logged("ClaimLeftOut").Length == 1);
        Assert.Equal("A claim of Claimer is left out of what peers are told: a node claims at most 32 things.", fleet["b"].Logged("ClaimLeftOut")[0].Message);
    }

    [Fact]
    public async Task One_that_cannot_be_made_costs_the_claims_and_no_answer()
    {
        await using Fleet fleet = new();
        fleet.Start("b", [], [], static services => services.AddSingleton<INodeClaims>(static _ => throw new InvalidOperationException("password=hunter2")));
        fleet.Start("a", ["b"], []);
        await fleet.UntilAsync(() => fleet["a"].Claims.Find("b", Site) is not null, TimeSpan.FromSeconds(1));

        Assert.Null(fleet["a"].Claims.Find("b", Site)!.Value);
        await Node.Eventually(() => fleet["b"].Logged("ClaimLeftOut").Length == 1);
        Assert.Equal("A claim of every INodeClaims is left out of what peers are told: InvalidOperationException.", Assert.Single(fleet["b"].Logged("ClaimLeftOut")).Message);
    }

    [Fact]
    public async Task What_claims_may_itself_listen_to_the_claims_of_peers()
    {
        await using Fleet fleet = new();
        fleet.Start("b", ["a"], [], static services => services.AddSingleton<INodeClaims, Echo>());
        fleet.Start("a", ["b"], [], services => services.AddSingleton<INodeClaims>(Role()));
        await fleet.UntilAsync(() => fleet["b"].Claims.Find("a", Site) is not null, TimeSpan.FromSeconds(15));

        fleet["a"].Claims.LookNow();

        await Node.Eventually(() => fleet["a"].Claims.Find("b", "echo")?.Value == "a says backup ready");
    }

    private Claimer Role() => new() { OnRead = () => [KeyValuePair.Create(Site, _role)] };

    private static IEnumerable<KeyValuePair<string, string>> Halfway()
    {
        yield return KeyValuePair.Create("halfway", "x");
        throw new FormatException("password=hunter2");
    }

    /// <summary>Two nodes, of which a asks b, and has heard it once.</summary>
    private static async Task<Fleet> TwoAsync(params Claimer[] claims)
    {
        Fleet fleet = new();
        fleet.Start("b", [], [], services => Array.ForEach(claims, claim => services.AddSingleton<INodeClaims>(claim)));
        fleet.Start("a", ["b"], []);
        await fleet.UntilAsync(() => fleet["a"].Claims.Find("b", Site) is not null, TimeSpan.FromSeconds(1));
        return fleet;
    }

    private sealed class Echo(IPeerClaims claims, NodePeers peers) : INodeClaims
    {
        public IEnumerable<KeyValuePair<string, string>> Read() => [KeyValuePair.Create("echo", $"{peers.Snapshot[0].Node} says {claims.Find("a", Site)?.Value}")];
    }
}
