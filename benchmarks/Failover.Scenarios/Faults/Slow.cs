using Failover.Scenarios.Reports;
using Failover.Scenarios.Servers;

namespace Failover.Scenarios.Faults;

/// <summary>The primary takes five times as long for each request, and does its work.</summary>
internal sealed class Slow : Fault
{
    internal override string Name => "slow";

    internal override Timeline Timeline(bool isShort) => isShort ? Faults.Timeline.Short : Faults.Timeline.Seconds(5, 12, 2);

    internal override async Task<FaultRun> RunAsync(BackendProcess primary, TimeSpan length)
    {
        long begun = await primary.WorkForAsync(Work * 5);
        await Task.Delay(length);
        return new(new(begun, await primary.WorkForAsync(Work)), []);
    }

    internal override IEnumerable<Bar> Bars(Row row) => [NoneFailed(row), new($"0 switchovers (was {row.Switchovers})", row.Switchovers == 0)];
}
