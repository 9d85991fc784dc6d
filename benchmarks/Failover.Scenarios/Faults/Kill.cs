using Failover.Scenarios.Reports;
using Failover.Scenarios.Servers;

namespace Failover.Scenarios.Faults;

/// <summary>The primary is killed, and started again on the same port.</summary>
internal class Kill : Fault
{
    internal override string Name => "kill";

    internal override async Task<FaultRun> RunAsync(BackendProcess primary, TimeSpan length)
    {
        long begun = await primary.KillAsync();
        await Task.Delay(length);
        return FaultRun.DeadFrom(begun, await primary.StartAsync());
    }

    internal override IEnumerable<Bar> Bars(Row row) =>
    [
        NoneFailed(row),
        new($"≤ 3 + {row.InFlight} in flight hits on the dead member, probes apart (was {row.DeadHits}; {row.Probes} probes)", row.DeadHits <= 3 + row.InFlight),
        new($"no hit on it in the last 5 s but probes (was {row.DeadHitsLast5s})", row.DeadHitsLast5s == 0),
    ];
}
