using System.Globalization;
using Failover.Simulation.Reporting;
using Failover.Simulation.Running;
using Xunit.Abstractions;

namespace Failover.Simulation;

public class ReplayTests(ITestOutputHelper output)
{
    [Fact]
    public void A_seed_is_a_whole_run_and_can_be_run_again()
    {
        ulong seed = ulong.Parse(Environment.GetEnvironmentVariable("FAILOVER_SEED") ?? "1", CultureInfo.InvariantCulture);

        RunResult first = Run.Of(seed, RealFold.Instance);
        RunResult second = Run.Of(seed, RealFold.Instance);

        output.WriteLine($"seed {seed}: {first.Kind}");
        output.WriteLine(first.Cells.ToString());
        Assert.True(first.Violated is null, first.Violated is null ? null : FailureReport.Of(first, RealFold.Instance));
        Assert.Equal(first.Cells.ToString(), second.Cells.ToString());
    }
}
