using System.Globalization;
using Failover.Simulation.Leases.Reporting;
using Failover.Simulation.Leases.Running;
using Xunit.Abstractions;

namespace Failover.Simulation;

public class LeaseReplayTests(ITestOutputHelper output)
{
    [Fact]
    public void A_seed_is_a_whole_life_of_a_lease_and_can_be_lived_again()
    {
        ulong seed = ulong.Parse(Environment.GetEnvironmentVariable("FAILOVER_SEED") ?? "1", CultureInfo.InvariantCulture);

        LeaseResult first = LeaseLife.Of(seed, LeaseRules.Real);
        LeaseResult second = LeaseLife.Of(seed, LeaseRules.Real);

        output.WriteLine($"seed {seed}: {first.Scenario.Kind}");
        output.WriteLine(first.Tally.ToString());
        Assert.True(first.Violated is null, first.Violated is null ? null : LeaseFailure.Of(first, LeaseRules.Real));
        Assert.Equal(first.Tally.ToString(), second.Tally.ToString());
    }
}
