using Failover.Scenarios.Http;
using Failover.Scenarios.Servers;

namespace Failover.Scenarios.Tests;

public sealed class PlannedRunTests
{
    [Fact]
    public void One_run_holds_every_fault_with_ours_and_the_peers_where_they_can_differ()
    {
        IReadOnlyList<PlannedRun> runs = Plan();

        string[] freeze = BackendProcess.CanFreeze ? ["freeze"] : [];
        string[] peers = ["bare", "standard-resilience", "standard-hedging", "polly-by-hand", "polly-by-hand-breaker"];
        Assert.Equal(["kill", .. freeze, "503", "slow", "lowrate", "flap", "post", "slowposts", "hog"], runs.Select(run => run.Fault.Name).Distinct());
        Assert.All(runs.GroupBy(run => (run.Fault.Name, run.Rate)), group =>
            Assert.Equal(group.Key.Name is "slowposts" or "hog" ? ["failover", "bare"] : ["failover", .. peers], group.Select(run => run.Client.Name)));
    }

    [Fact]
    public void What_depends_on_the_rate_runs_at_100_and_500_requests_a_second_and_the_rest_at_its_own()
    {
        IEnumerable<IGrouping<string, int>> rates = Plan().Select(run => (run.Fault.Name, run.Rate)).Distinct().GroupBy(run => run.Name, run => run.Rate);

        Assert.All(rates, fault => Assert.Equal(
            fault.Key switch { "lowrate" or "post" => [2], "slowposts" => [3], "flap" or "hog" => [100], _ => [100, 500] },
            fault));
    }

    [Fact]
    public void Only_our_own_client_is_held_to_the_bars()
    {
        Assert.All(Plan("--client", "failover"), run => Assert.True(run.IsOurs));
        Assert.All(Plan().Where(run => run.Client.Name != "failover"), run => Assert.False(run.IsOurs));
    }

    [Fact]
    public void Clients_faults_and_rates_can_be_named()
    {
        Assert.Equal(
            ["hog 100 standard-hedging", "kill 50 standard-hedging", "kill 60 standard-hedging"],
            Plan("--fault", "hog,kill", "--client", "standard-hedging", "--rate", "50,60").Select(run => $"{run.Fault.Name} {run.Rate} {run.Client.Name}"));
    }

    [Theory]
    [InlineData("--rate", "0")]
    [InlineData("--rate", "many")]
    [InlineData("--fault", "earthquake")]
    [InlineData("--client", "failsafe")]
    [InlineData("--json", null)]
    [InlineData("--loud", null)]
    public void What_is_not_known_is_refused(string option, string? value) =>
        Assert.Throws<ArgumentException>(() => ScenarioOptions.Parse(value is null ? [option] : [option, value]));

    [Fact]
    public void The_whole_run_is_short_enough_to_be_made_and_a_short_one_takes_minutes()
    {
        Assert.InRange(Minutes(Plan()), 20, 45);
        Assert.InRange(Minutes(Plan("--client", "failover", "--short")), 0, 3);
    }

    private static double Minutes(IEnumerable<PlannedRun> runs) => runs.Sum(run => run.Length.TotalMinutes);

    private static IReadOnlyList<PlannedRun> Plan(params string[] arguments) => PlannedRun.All(ScenarioOptions.Parse(arguments));
}
