using System.Diagnostics;
using Failover.Scenarios.Reports;
using Failover.Scenarios.Servers;

namespace Failover.Scenarios.Faults;

/// <summary>Nothing is wrong, but each order takes 2.5 s: 20 of them, several at a time. Who takes slow for dead carries them out twice.</summary>
internal sealed class Post : Fault
{
    private const int Orders = 20;
    private const int PerSecond = 2;

    internal override string Name => "post";

    internal override HttpMethod Method => HttpMethod.Post;

    internal override int Work => 2_500;

    internal override IReadOnlyList<int> Rates(IReadOnlyList<int> asked) => [PerSecond];

    internal override Timeline Timeline(bool isShort) => Faults.Timeline.Seconds(0, (double)Orders / PerSecond - 0.25, 0);

    internal override async Task<FaultRun> RunAsync(BackendProcess primary, TimeSpan length)
    {
        await Task.Delay(length);

        // Nothing is wrong with the server; all that was sent counts.
        return new(new(0, Stopwatch.GetTimestamp()), []);
    }

    internal override IEnumerable<Bar> Bars(Row row) =>
    [
        NoneFailed(row),
        new($"{Orders} orders succeed (was {row.Requests - row.Failed})", row.Requests - row.Failed >= Orders),
        new($"0 doubled (was {row.Doubled})", row.Doubled == 0),
        new($"0 switchovers (was {row.Switchovers})", row.Switchovers == 0),
    ];
}
