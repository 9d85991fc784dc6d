using System.Globalization;
using Failover.Scenarios.Faults;
using Failover.Scenarios.Health.Load;
using Failover.Scenarios.Health.Nodes;

namespace Failover.Scenarios.Health.Cases;

/// <summary>200 callers that ask as fast as they can, of one check that takes 50 ms.</summary>
internal sealed class TwoHundredConnections : HealthCase
{
    internal override string Name => "200connections";

    internal override string About => "200 connections ask without a pause for 5 s; the one check takes 50 ms (ours: period 0.5 s)";

    internal override Task<IReadOnlyList<HealthRow>> RunAsync(bool isShort) => EachAsync(NodeKinds.WithChecks, isShort, async (node, row) =>
    {
        int before = (await node.AskAsync("runs"))[0];
        using Hammer hammer = await Hammer.OpenAsync(node.Port, 200);
        Answers answers = await hammer.ForAsync(Length(isShort), TimeSpan.Zero);
        int[] runs = await node.AskAsync("runs");
        return row with { Rps = answers.Rps, Executions = runs[0] - before, AtOnce = runs[1], P99Ms = answers.P99, LongestMs = answers.Longest };
    });

    internal override IEnumerable<Bar> Bars(IReadOnlyList<HealthRow> rows, bool isShort)
    {
        HealthRow ours = Ours(rows);
        yield return new($"≤ 1 execution at a time (was {ours.AtOnce})", ours.AtOnce <= 1);

        // The next run begins one period, 10 % sooner or later, after the end of the last. Late is a busy machine; too often would be callers who run it.
        double most = Math.Floor(Length(isShort) / (NodeLoad.Period * 0.9)) + 1;
        double least = Math.Floor(Length(isShort) / NodeLoad.Period / 2);
        yield return new(string.Create(CultureInfo.InvariantCulture, $"executions = time / period (was {ours.Executions} in {Length(isShort).TotalSeconds:N0} s; allowed are {least:N0} to {most:N0})"), ours.Executions >= least && ours.Executions <= most);
    }

    private static TimeSpan Length(bool isShort) => TimeSpan.FromSeconds(isShort ? 2 : 5);
}
