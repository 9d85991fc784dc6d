using System.Collections.Immutable;
using Failover.HealthChecks.Evaluation;
using Failover.HealthChecks.Peers;
using Failover.HealthChecks.Tests.Evaluation;

namespace Failover.HealthChecks.Tests.Peers;

public class PeerProofTests
{
    // The check here has failed since second 100. How it stands at the peer, how long ago its last run that passed began, when it was asked, whether the peer can serve: is it proven?
    [Theory]
    [InlineData("healthy", 4.9, 105, true, true)]
    [InlineData("healthy", 0.0, 105, true, true)]
    [InlineData("healthy", 5.0, 105, true, false)]
    [InlineData("healthy", 5.1, 105, true, false)]
    [InlineData("healthy", 30.0, 105, true, false)]
    [InlineData("healthy", null, 105, true, false)]
    [InlineData("healthy", 0.0, 105, false, false)]
    [InlineData("degraded", 0.0, 105, true, false)]
    [InlineData("unhealthy", 0.0, 105, true, false)]
    [InlineData("stale", 0.0, 105, true, false)]
    [InlineData("unknown", 0.0, 105, true, false)]
    [InlineData("Healthy", 0.0, 105, true, false)]
    public void An_answer_proves_something_only_by_a_run_that_began_after_the_failure_was_confirmed_here(string status, double? age, double asked, bool canServe, bool proven)
    {
        ImmutableDictionary<string, PeerProof> proofs = PeerProof.Of(PeerProof.None, Message(canServe, ("db", status, age)), [Failing("db", 100)], Seconds(asked), Seconds(asked + 0.5));

        Assert.Equal(proven, proofs.ContainsKey("DB"));
        Assert.All(proofs.Values, proof => Assert.Equal(new PeerProof(Seconds(100), Seconds(asked + 0.5)), proof));
    }

    [Fact]
    public void What_is_proven_again_was_first_heard_when_it_was()
    {
        ImmutableDictionary<string, PeerProof> first = PeerProof.Of(PeerProof.None, Message(true, ("db", "healthy", 1)), [Failing("db", 100)], Seconds(105), Seconds(106));
        ImmutableDictionary<string, PeerProof> second = PeerProof.Of(first, Message(true, ("db", "healthy", 1)), [Failing("db", 100)], Seconds(115), Seconds(116));
        ImmutableDictionary<string, PeerProof> ofAnotherFailure = PeerProof.Of(first, Message(true, ("db", "healthy", 1)), [Failing("db", 110)], Seconds(115), Seconds(116));
        ImmutableDictionary<string, PeerProof> afterABreak = PeerProof.Of(PeerProof.Of(first, Message(false, ("db", "healthy", 1)), [Failing("db", 100)], Seconds(107), Seconds(107)), Message(true, ("db", "healthy", 1)), [Failing("db", 100)], Seconds(115), Seconds(116));

        Assert.Equal([Seconds(106), Seconds(106), Seconds(116), Seconds(116)], new[] { first, second, ofAnotherFailure, afterABreak }.Select(proofs => proofs["db"].HeardAt));
    }

    [Theory]
    [InlineData(Criticality.Critical, CheckScope.Local)]
    [InlineData(Criticality.Degrading, CheckScope.Shared)]
    [InlineData(Criticality.Info, CheckScope.Shared)]
    public void Nothing_has_to_be_proven_of_a_check_for_which_no_peer_counts(Criticality criticality, CheckScope scope) =>
        Assert.Empty(PeerProof.Of(PeerProof.None, Message(true, ("db", "healthy", 0)), [Failing("db", 100, 101, criticality, scope)], Seconds(105), Seconds(105)));

    // Heard at 106; the failure period is 2 seconds. When the newest run here began, until when the answer is fresh, now: is it time to leave?
    [Theory]
    [InlineData(108.0, 120, 109, true)]
    [InlineData(110.0, 120, 120, true)]
    [InlineData(107.9, 120, 109, false)]
    [InlineData(103.0, 120, 109, false)]
    [InlineData(108.0, 120, 120.1, false)]
    [InlineData(null, 120, 109, false)]
    public void The_node_leaves_after_it_has_failed_again_with_time_to_spare(double? began, double freshUntil, double now, bool leaves)
    {
        CheckSnapshot check = Failing("db", 100, began);

        Assert.Equal(leaves, PeerProof.Holds(check, [check], [Peer(freshUntil, Message(true, ("db", "healthy", 1)))], Seconds(now)));
    }

    [Theory]
    [InlineData("cache", "unhealthy", false)]
    [InlineData("cache", "stale", false)]
    [InlineData("cache", "unknown", false)]
    [InlineData("cache", "degraded", true)]
    [InlineData("cache", "healthy", true)]
    [InlineData("search", "unhealthy", true)]
    [InlineData("queue", "unhealthy", true)]
    [InlineData("trivia", "unhealthy", true)]
    public void A_peer_that_has_a_failure_of_its_own_instead_is_no_better(string other, string status, bool leaves)
    {
        CheckSnapshot db = Failing("db", 100, 110);
        ImmutableArray<CheckSnapshot> own = [db, Given.Check("cache", "H"), Failing("search", 50), Given.Check("trivia", "H", Criticality.Info)];

        Assert.Equal(leaves, PeerProof.Holds(db, own, [Peer(120, Message(true, ("db", "healthy", 1), (other, status, 1)))], Seconds(112)));
    }

    [Fact]
    public void A_run_that_passed_is_no_failure_and_a_peer_of_which_nothing_was_heard_no_proof()
    {
        CheckSettings settings = Given.Settings(fall: 1, rise: 2);
        CheckState state = CheckState.Unknown.Observe(Given.Outcome('H', 1), settings, Given.At(1)).Observe(Given.Outcome('U', 99), settings, Given.At(100)).Observe(Given.Outcome('H', 110), settings, Given.At(110));
        CheckSnapshot wavers = new("db", [], settings, state, isStale: false);
        CheckSnapshot fails = Failing("db", 100, 110);

        Assert.Equal("unhealthy", wavers.StatusName);
        Assert.False(PeerProof.Holds(wavers, [wavers], [Peer(120, Message(true, ("db", "healthy", 1)))], Seconds(112)));
        Assert.False(PeerProof.Holds(fails, [fails], [new("http://b/"), new("http://c/")], Seconds(112)));
        Assert.True(PeerProof.Holds(fails, [fails], [new("http://b/"), Peer(120, Message(true, ("db", "healthy", 1)))], Seconds(112)));
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private static PeerMessage Message(bool canServe, params (string Name, string Status, double? Age)[] checks) => new()
    {
        Node = "b",
        Clock = 1,
        Operational = canServe,
        CanServe = canServe,
        Alive = true,
        Groups = [],
        Checks = [.. checks.Select(check => new PeerCheck(check.Name, check.Status, check.Age is { } age ? (long)(age * 1000) : null))],
    };

    private static PeerSnapshot Peer(double freshUntil, PeerMessage message) => new("http://b/")
    {
        Message = message,
        FreshUntil = Seconds(freshUntil),
        Proofs = PeerProof.None.Add("db", new(Seconds(100), Seconds(106))),
    };

    /// <param name="name">Its name.</param>
    /// <param name="since">Since when it fails.</param>
    /// <param name="began">When its newest run began; null for one that is stuck.</param>
    /// <param name="criticality">What it means.</param>
    /// <param name="scope">Whose it is.</param>
    private static CheckSnapshot Failing(string name, double since, double? began = 101, Criticality criticality = Criticality.Critical, CheckScope scope = CheckScope.Shared)
    {
        CheckSettings settings = Given.Settings(fall: 1, criticality: criticality, scope: scope);
        CheckState state = CheckState.Unknown.Observe(Given.Outcome('H', 1), settings, Given.At(1)).Observe(Given.Outcome('U', since), settings, Given.At(since));
        CheckOutcome newest = Given.Outcome('U', began ?? 0);
        return new(name, [], settings, state.Observe(began is null ? newest with { Started = null } : newest, settings, Given.At(Math.Max(since, began ?? 0))), isStale: false);
    }
}
