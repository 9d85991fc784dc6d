using System.Diagnostics;
using Failover.Scenarios.Reports;
using Failover.Scenarios.Servers;

namespace Failover.Scenarios.Faults;

/// <summary>
/// Nothing is wrong, but three orders of 8 s are all that there is: none is answered for long, and nothing else succeeds meanwhile. It looks like a server that hangs, and is none.
/// </summary>
internal sealed class SlowPosts : Fault
{
    private const int Orders = 3;

    internal override string Name => "slowposts";

    internal override bool ComparesPeers => false;

    internal override HttpMethod Method => HttpMethod.Post;

    internal override int Work => 8_000;

    internal override IReadOnlyList<int> Rates(IReadOnlyList<int> asked) => [Orders];

    internal override Timeline Timeline(bool isShort) => Faults.Timeline.Seconds(0, 0.8, 0);

    internal override async Task<FaultRun> RunAsync(BackendProcess primary, TimeSpan length)
    {
        await Task.Delay(length);
        return new(new(0, Stopwatch.GetTimestamp()), []);
    }

    internal override IEnumerable<Bar> Bars(Row row) =>
    [
        NoneFailed(row),
        new($"{Orders} orders in flight together (was {row.Requests})", row.Requests == Orders),
        new($"0 doubled (was {row.Doubled})", row.Doubled == 0),
        new($"0 switchovers (was {row.Switchovers})", row.Switchovers == 0),
    ];
}
