using Failover.Scenarios.Reports;
using Failover.Scenarios.Servers;

namespace Failover.Scenarios.Faults;

/// <summary>The primary is stopped by a signal: it accepts connections and answers nothing.</summary>
internal sealed class Freeze : Fault
{
    internal override string Name => "freeze";

    internal override bool CanRunHere => BackendProcess.CanFreeze;

    internal override async Task<FaultRun> RunAsync(BackendProcess primary, TimeSpan length)
    {
        long begun = primary.Freeze();
        await Task.Delay(length);
        return FaultRun.DeadFrom(begun, primary.Thaw());
    }

    internal override IEnumerable<Bar> Bars(Row row) =>
    [
        NoneFailed(row),
        new($"≤ 150 slow of 1,200 (was {row.Slow} of {row.Requests})", row.Slow <= 150),
        new($"in the last 5 s only probes reach it (was {row.DeadHitsLast5s} others)", row.DeadHitsLast5s == 0),
    ];
}
