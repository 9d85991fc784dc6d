using Failover.HealthChecks.Evaluation;

namespace Failover.HealthChecks.Tests.Evaluation;

public class HealthBoardTests
{
    private static readonly NodeConditions Calm = new(IsDraining: false, IsAlive: true, ConfigurationProblem: null, PeerHasNot: _ => false);

    // What a check said so far; whether it is stale; whether a peer has not its failure: is the node operational, can it serve, has it started?
    [Theory]
    [InlineData(Criticality.Critical, CheckScope.Local, "H", false, false, true, true, true)]
    [InlineData(Criticality.Critical, CheckScope.Local, "HD", false, false, false, true, true)]
    [InlineData(Criticality.Critical, CheckScope.Local, "HU", false, false, false, false, true)]
    [InlineData(Criticality.Critical, CheckScope.Local, "H", true, false, false, false, true)]
    [InlineData(Criticality.Critical, CheckScope.Local, "HD", true, false, false, false, true)]
    [InlineData(Criticality.Critical, CheckScope.Shared, "H", false, false, true, true, true)]
    [InlineData(Criticality.Critical, CheckScope.Shared, "HD", false, true, false, true, true)]
    [InlineData(Criticality.Critical, CheckScope.Shared, "HU", false, false, false, true, true)]
    [InlineData(Criticality.Critical, CheckScope.Shared, "HU", false, true, false, false, true)]
    [InlineData(Criticality.Critical, CheckScope.Shared, "H", true, false, false, false, true)]
    [InlineData(Criticality.Critical, CheckScope.Shared, "", false, false, false, false, false)]
    [InlineData(Criticality.Critical, CheckScope.Shared, "U", false, false, false, false, false)]
    [InlineData(Criticality.Critical, CheckScope.Shared, "D", false, false, false, true, true)]
    [InlineData(Criticality.Critical, CheckScope.Local, "", false, false, false, false, false)]
    [InlineData(Criticality.Degrading, CheckScope.Local, "H", false, false, true, true, true)]
    [InlineData(Criticality.Degrading, CheckScope.Local, "HD", false, false, false, true, true)]
    [InlineData(Criticality.Degrading, CheckScope.Local, "HU", false, true, false, true, true)]
    [InlineData(Criticality.Degrading, CheckScope.Local, "H", true, false, false, true, true)]
    [InlineData(Criticality.Degrading, CheckScope.Shared, "HU", false, true, false, true, true)]
    [InlineData(Criticality.Degrading, CheckScope.Shared, "", false, false, false, true, true)]
    [InlineData(Criticality.Info, CheckScope.Local, "HU", false, true, true, true, true)]
    [InlineData(Criticality.Info, CheckScope.Local, "H", true, true, true, true, true)]
    [InlineData(Criticality.Info, CheckScope.Shared, "", false, true, true, true, true)]
    public void One_check_decides_like_this(Criticality criticality, CheckScope scope, string outcomes, bool isStale, bool peerHasNot, bool operational, bool canServe, bool started)
    {
        HealthVerdicts verdicts = HealthBoard.Judge([Given.Check("one", outcomes, criticality, scope, isStale)], Calm with { PeerHasNot = _ => peerHasNot });

        Assert.Equal((operational, canServe, started), (verdicts.Operational, verdicts.CanServe, verdicts.IsStarted));
        Assert.True(verdicts.Alive);
        Assert.Equal(started && !canServe && isStale, verdicts.IsStale);
        Assert.Equal(operational, verdicts.Reason is null);
    }

    [Theory]
    [InlineData(false, true, null, true, true, null)]
    [InlineData(true, true, null, false, false, "draining")]
    [InlineData(false, false, null, false, false, "checks do not come to run")]
    [InlineData(false, true, "no", false, true, "configuration refused")]
    [InlineData(true, false, "no", false, false, "draining, checks do not come to run, configuration refused")]
    public void What_stands_beside_the_checks_counts_too(bool isDraining, bool isAlive, string? problem, bool operational, bool canServe, string? reason)
    {
        HealthVerdicts verdicts = HealthBoard.Judge([Given.Check("db", "H")], Calm with { IsDraining = isDraining, IsAlive = isAlive, ConfigurationProblem = problem });

        Assert.Equal(
            new() { Operational = operational, CanServe = canServe, Alive = isAlive, IsStarted = true, IsDraining = isDraining, IsStale = !isAlive && !isDraining, Reason = reason },
            verdicts);
    }

    [Fact]
    public void A_node_without_checks_is_well() => Assert.True(HealthBoard.Judge([], Calm) is { Operational: true, CanServe: true, IsStarted: true, Reason: null });

    [Fact]
    public void A_node_that_fails_for_certain_is_not_stale() =>
        Assert.False(HealthBoard.Judge([Given.Check("disk", "HU", scope: CheckScope.Local), Given.Check("db", "H", isStale: true)], Calm with { IsAlive = false }).IsStale);

    [Fact]
    public void One_that_passes_makes_no_good_for_one_that_fails()
    {
        HealthVerdicts verdicts = HealthBoard.Judge([Given.Check("db", "HU"), Given.Check("disk", "H", scope: CheckScope.Local), Given.Check("cache", "HD", Criticality.Degrading)], Calm);

        Assert.Equal((false, true, "db unhealthy, cache degraded"), (verdicts.Operational, verdicts.CanServe, verdicts.Reason));
    }

    [Fact]
    public void The_reason_names_five_checks_at_most() => Assert.Equal(
        "c0 unhealthy, c1 unhealthy, c2 unhealthy, c3 unhealthy, c4 unhealthy and 95 more",
        HealthBoard.Judge([.. Enumerable.Range(0, 100).Select(i => Given.Check($"c{i}", "HU"))], Calm).Reason);

    [Fact]
    public void A_node_that_never_passed_is_not_started_however_often_it_was_asked() =>
        Assert.False(HealthBoard.Judge([Given.Check("db", "UUU")], Calm).IsStarted);

    // A certificate that ends in a fortnight, a disk that is getting full: no node would start any more, and none could be deployed to mend it.
    [Theory]
    [InlineData("D")]
    [InlineData("UD")]
    public void A_node_that_was_degraded_once_has_started(string outcomes) =>
        Assert.True(HealthBoard.Judge([Given.Check("tls", outcomes)], Calm) is { IsStarted: true, CanServe: true, Operational: false });
}
