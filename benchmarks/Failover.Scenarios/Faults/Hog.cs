using System.Diagnostics;
using Failover.Scenarios.Reports;
using Failover.Scenarios.Servers;

namespace Failover.Scenarios.Faults;

/// <summary>Both servers are well, but for a minute other processes burn every core of the machine: one each, as fast as they can.</summary>
internal sealed class Hog : Fault
{
    internal override string Name => "hog";

    internal override bool ComparesPeers => false;

    internal override IReadOnlyList<int> Rates(IReadOnlyList<int> asked) => [100];

    internal override Timeline Timeline(bool isShort) => isShort ? Faults.Timeline.Seconds(1, 4, 1) : Faults.Timeline.Seconds(5, 60, 2);

    internal override async Task<FaultRun> RunAsync(BackendProcess primary, TimeSpan length)
    {
        CpuHog[] hogs = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => CpuHog.Start(length))];
        try
        {
            long begun = Stopwatch.GetTimestamp();
            await Task.Delay(length);
            long ended = Stopwatch.GetTimestamp();
            TimeSpan burned = hogs.Aggregate(TimeSpan.Zero, (sum, hog) => sum + hog.Burned);
            return new(new(begun, ended), []) { HogCores = burned / Stopwatch.GetElapsedTime(begun, ended) };
        }
        finally
        {
            foreach (CpuHog hog in hogs)
            {
                hog.Dispose();
            }
        }
    }

    internal override IEnumerable<Bar> Bars(Row row) =>
    [
        NoneFailed(row),
        new($"0 switchovers (was {row.Switchovers})", row.Switchovers == 0),

        // Where others want the processors as well, the hogs get less of them, and it is no easier.
        new($"the hogs had at least a quarter of the {Environment.ProcessorCount} cores (was {row.HogCores})", row.HogCores >= Environment.ProcessorCount / 4.0),
    ];
}
