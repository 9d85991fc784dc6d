using Failover.Scenarios.Reports;
using Failover.Scenarios.Servers;

namespace Failover.Scenarios.Faults;

/// <summary>The primary answers everything, probes too, with 503.</summary>
internal sealed class Status503 : Fault
{
    private const int AllCountUpTo = 100;

    internal override string Name => "503";

    internal override async Task<FaultRun> RunAsync(BackendProcess primary, TimeSpan length)
    {
        long begun = await primary.AnswerWithAsync(503);
        await Task.Delay(length);
        return FaultRun.DeadFrom(begun, await primary.AnswerWithAsync(200));
    }

    internal override IEnumerable<Bar> Bars(Row row) =>
    [
        NoneFailed(row),
        row.Rate <= AllCountUpTo
            ? new($"≤ 5 hits on the dead member, probes apart (was {row.DeadHits}; {row.Probes} probes)", row.DeadHits <= 5)
            : new($"≤ 5 hits on the dead member after the third, probes apart (was {row.DeadHits} in all; {row.Probes} probes)", row.DeadHits <= 3 + 5),
    ];
}
