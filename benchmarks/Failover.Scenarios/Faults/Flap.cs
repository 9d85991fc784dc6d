using System.Diagnostics;
using Failover.Scenarios.Reports;
using Failover.Scenarios.Servers;

namespace Failover.Scenarios.Faults;

/// <summary>The primary answers 503 for 2 s, works for 2 s, and so on for a minute.</summary>
internal sealed class Flap : Fault
{
    private const int MaxBackMs = 45_000;
    private static readonly TimeSpan Half = TimeSpan.FromSeconds(2);

    internal override string Name => "flap";

    internal override IReadOnlyList<int> Rates(IReadOnlyList<int> asked) => [100];

    internal override Timeline Timeline(bool isShort) => isShort ? Faults.Timeline.Seconds(1, 12, 1) : Faults.Timeline.Seconds(5, 60, 50);

    internal override async Task<FaultRun> RunAsync(BackendProcess primary, TimeSpan length)
    {
        List<Span> dead = [];
        long begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun) < length)
        {
            long down = await primary.AnswerWithAsync(503);
            await Task.Delay(Half);
            dead.Add(new(down, await primary.AnswerWithAsync(200)));
            await Task.Delay(Half);
        }

        // The calm begins with the last time that it came back.
        return new(new(dead[0].From, dead[^1].To), dead);
    }

    internal override IEnumerable<Bar> Bars(Row row) =>
    [
        NoneFailed(row),
        new($"≤ 3 switchovers (was {row.Switchovers})", row.Switchovers <= 3),
        new($"back on the primary ≤ 45 s after the calm (was {row.BackMs} ms)", row.BackMs <= MaxBackMs, NeedsFullRun: true),
    ];
}
