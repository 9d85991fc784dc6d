using System.Diagnostics;
using System.Globalization;
using System.Text;
using Failover.Simulation.Leases.Reporting;
using Failover.Simulation.Leases.Running;
using Failover.Simulation.Leases.Stores;
using Failover.Simulation.Reporting;
using Failover.Simulation.Running;
using Xunit.Abstractions;

namespace Failover.Simulation;

public class LeaseSimulationTests(ITestOutputHelper output)
{
    private const int FixedSeeds = 120;

    [Fact]
    public void A_lease_keeps_every_promise_whatever_happens_around_it()
    {
        long wanted = SimulationTests.IsFull ? 20_000_000 : 1_000_000;
        ulong fresh = (ulong)Random.Shared.NextInt64(1, 1L << 40) * 1000;
        long start = Stopwatch.GetTimestamp();
        Tally tally = new();
        SortedDictionary<StoreKind, int> runs = [];
        LeaseResult? failure = null;

        Many.Run(SimulationTests.Seeds(1).Take(FixedSeeds), Run, result => Take(result, enough: false));
        if (failure is null)
        {
            Many.Run(SimulationTests.Seeds(fresh), Run, result => Take(result, tally.Total >= wanted));
        }

        string report = Report(tally, runs, fresh, failure, Stopwatch.GetElapsedTime(start));
        output.WriteLine(report);
        ArtifactFile.Write("simulation-leases.txt", report);
        Assert.True(failure is null, failure is null ? null : LeaseFailure.Of(failure, LeaseRules.Real));
        Assert.Empty(tally.Missing());
        Assert.InRange(tally.Total, wanted, long.MaxValue);

        bool Take(LeaseResult result, bool enough)
        {
            tally.Add(result.Tally);
            runs[result.Scenario.Kind] = runs.GetValueOrDefault(result.Scenario.Kind) + 1;

            // The least seed, so that the same fault is told of each time.
            failure = result.Violated is not null && (failure is null || result.Scenario.Seed < failure.Scenario.Seed) ? result : failure;
            return failure is not null || enough;
        }
    }

    private static LeaseResult Run(ulong seed) => LeaseLife.Of(seed, LeaseRules.Real);

    private static string Report(Tally tally, SortedDictionary<StoreKind, int> runs, ulong fresh, LeaseResult? failure, TimeSpan took)
    {
        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture, $"seeds 1 to {FixedSeeds}, and fresh ones from {fresh}: {string.Join(", ", runs.Select(r => $"{r.Value} {r.Key}"))}");
        text.AppendLine(CultureInfo.InvariantCulture, $"{tally.Total:N0} events and {tally.Ticks:N0} ticks in {took.TotalSeconds:N1} s: {tally.Total / took.TotalSeconds:N0} events/s on {Environment.ProcessorCount} cores, world and checks included");
        text.AppendLine(failure is null ? "no promise was broken" : $"BROKEN: {failure.Violated!.Message}");
        return text.AppendLine().Append(tally).ToString();
    }
}
