using System.Diagnostics;
using System.Globalization;
using System.Text;
using Failover.Simulation.Reporting;
using Failover.Simulation.Running;
using Xunit.Abstractions;

namespace Failover.Simulation;

public class SimulationTests(ITestOutputHelper output)
{
    private const int FixedSeeds = 120;

    internal static bool IsFull => Environment.GetEnvironmentVariable("FAILOVER_FULL") is "1" or "true";

    [Fact]
    public void The_engine_keeps_every_promise_whatever_happens_around_it()
    {
        long wanted = IsFull ? 20_000_000 : 1_000_000;
        ulong fresh = (ulong)Random.Shared.NextInt64(1, 1L << 40) * 1000;
        long start = Stopwatch.GetTimestamp();
        TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
        Batch batch = new();

        batch.Run(Seeds(1).Take(FixedSeeds), _ => false, RealFold.Instance);
        if (batch.Failure is null)
        {
            batch.Run(Seeds(fresh), events => events >= wanted, RealFold.Instance);
        }

        string report = Report(batch, fresh, Stopwatch.GetElapsedTime(start), Process.GetCurrentProcess().TotalProcessorTime - before);
        output.WriteLine(report);
        ArtifactFile.Write("simulation.txt", report);
        Assert.True(batch.Failure is null, batch.Failure is null ? null : FailureReport.Of(batch.Failure, RealFold.Instance));
        Assert.Empty(batch.Cells.Unvisited());
        Assert.InRange(batch.Cells.Total, wanted, long.MaxValue);
    }

    internal static IEnumerable<ulong> Seeds(ulong first)
    {
        for (ulong seed = first; ; seed++)
        {
            yield return seed;
        }
    }

    private static string Report(Batch batch, ulong fresh, TimeSpan took, TimeSpan processor)
    {
        StringBuilder text = new();
        long steps = batch.Cells.Total + batch.Cells.Ticks;
        text.AppendLine(CultureInfo.InvariantCulture, $"seeds 1 to {FixedSeeds}, and fresh ones from {fresh}: {string.Join(", ", batch.Runs.Select(r => $"{r.Value} {r.Key}"))}");
        text.AppendLine(CultureInfo.InvariantCulture, $"{batch.Cells.Total:N0} events and {batch.Cells.Ticks:N0} ticks in {took.TotalSeconds:N1} s: {batch.Cells.Total / took.TotalSeconds:N0} events/s on {Environment.ProcessorCount} cores; {processor.TotalMicroseconds / steps:N1} µs of a processor a step, world and checks included");
        text.AppendLine(batch.Failure is null ? "no promise was broken" : $"BROKEN: {batch.Failure.Violated!.Message}");
        return text.AppendLine().Append(batch.Cells).ToString();
    }
}
