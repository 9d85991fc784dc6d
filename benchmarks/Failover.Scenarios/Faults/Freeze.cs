using Failover.Scenarios.Reports;
using Failover.Scenarios.Servers;

namespace Failover.Scenarios.Faults;

/// <summary>The primary is stopped by a signal: it accepts connections and answers nothing.</summary>
internal sealed class Freeze : Fault
{
    private const int SlowAreCountedAt = 100;
    private const int LeftWaitingMs = 6_000;

    internal override string Name => "freeze";

    internal override bool CanRunHere => BackendProcess.CanFreeze;

    internal override async Task<FaultRun> RunAsync(BackendProcess primary, TimeSpan length)
    {
        long begun = primary.Freeze();
        await Task.Delay(length);
        return FaultRun.DeadFrom(begun, primary.Thaw());
    }

    internal override IEnumerable<Bar> Bars(Row row)
    {
        yield return NoneFailed(row);
        if (row.Rate == SlowAreCountedAt)
        {
            yield return new($"≤ 150 slow of 1,200 (was {row.Slow} of {row.Requests})", row.Slow <= 150);
        }

        // One that we would not send again waits until the server is thawed.
        yield return new($"nothing rejected by us (was {row.Refused} replays refused; the slowest request took {row.MaxMs} ms)", row.Refused == 0 && row.MaxMs < LeftWaitingMs);
        yield return new($"in the last 5 s only probes reach it (was {row.DeadHitsLast5s} others)", row.DeadHitsLast5s == 0, NeedsFullRun: true);
    }
}
