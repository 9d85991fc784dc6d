using System.Diagnostics;
using Failover.Scenarios.Reports;
using Failover.Scenarios.Servers;

namespace Failover.Scenarios.Faults;

/// <summary>The primary takes five times as long for each request, and does its work.</summary>
internal sealed class Slow : Fault
{
    internal override string Name => "slow";

    internal override async Task<FaultRun> RunAsync(BackendProcess primary, TimeSpan length)
    {
        await primary.WorkForAsync(Work * 5);
        long begun = Stopwatch.GetTimestamp();
        await Task.Delay(length);
        Span whole = new(begun, Stopwatch.GetTimestamp());
        await primary.WorkForAsync(Work);
        return new(whole, []);
    }

    internal override IEnumerable<Bar> Bars(Row row) => [NoneFailed(row), new($"0 switchovers (was {row.Switchovers})", row.Switchovers == 0)];
}
