using System.Diagnostics;
using System.Globalization;
using Failover.Scenarios.Faults;
using Failover.Scenarios.Health.Load;
using Failover.Scenarios.Health.Nodes;

namespace Failover.Scenarios.Health.Cases;

/// <summary>200 callers ask of a check that blocks its thread: what becomes of the other endpoints of the app?</summary>
internal sealed class Blocking : HealthCase
{
    private const double MostRatio = 2;
    private const double MostMore = 25;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    internal override string Name => "blocking";

    internal override string About => "200 connections ask five times a second each for 6 s; the one check blocks its thread for 50 ms; meanwhile another endpoint is asked";

    internal override Task<IReadOnlyList<HealthRow>> RunAsync(bool isShort) => EachAsync(NodeKinds.All, isShort, async (node, row) =>
    {
        TimeSpan length = TimeSpan.FromSeconds(isShort ? 2 : 6);
        using Connection other = await Connection.OpenAsync(node.Port, "/other", CancellationToken.None);
        await other.AskAsync(CancellationToken.None);
        int before = (await node.AskAsync("runs"))[0];
        using Hammer hammer = await Hammer.OpenAsync(node.Port, 200);
        Task<Answers> load = hammer.ForAsync(length, Pause);
        Answers others = await AskOtherAsync(other, length);
        Answers answers = await load;
        int[] runs = await node.AskAsync("runs");
        return row with
        {
            Rps = answers.Rps,
            Executions = node.Kind == NodeKinds.MapGet ? null : runs[0] - before,
            AtOnce = node.Kind == NodeKinds.MapGet ? null : runs[1],
            P99Ms = others.P99,
            LongestMs = others.Longest,
        };
    });

    internal override IEnumerable<Bar> Bars(IReadOnlyList<HealthRow> rows, bool isShort)
    {
        double ours = Ours(rows).P99Ms!.Value;
        double without = rows.Single(row => row.Client == NodeKinds.MapGet).P99Ms!.Value;
        yield return new(
            string.Create(CultureInfo.InvariantCulture, $"another endpoint's p99 unchanged (was {ours:N1} ms, beside MapGet(\"ok\") under the same load {without:N1} ms; allowed is {MostRatio:N0} times that and {MostMore:N0} ms, which a busy scheduler adds)"),
            ours <= (without * MostRatio) + MostMore,
            NeedsFullRun: true);
    }

    private static async Task<Answers> AskOtherAsync(Connection other, TimeSpan length)
    {
        using CancellationTokenSource limit = new(Patience);
        using PeriodicTimer pause = new(TimeSpan.FromMilliseconds(10));
        List<double> took = [];
        long begin = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begin) < length)
        {
            long start = Stopwatch.GetTimestamp();
            await other.AskAsync(limit.Token);
            took.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            await pause.WaitForNextTickAsync(limit.Token);
        }

        return new(took, Stopwatch.GetElapsedTime(begin));
    }
}
