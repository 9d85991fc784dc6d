using System.Diagnostics;
using System.Globalization;
using Failover.Scenarios.Faults;
using Failover.Scenarios.Health.Load;
using Failover.Scenarios.Health.Nodes;

namespace Failover.Scenarios.Health.Cases;

/// <summary>A check that has worked begins to hang, and heeds no token.</summary>
internal sealed class Hanging : HealthCase
{
    private const double LongestAnswer = 50;

    internal override string Name => "hanging";

    internal override string About => "a healthy check begins to hang for 10 s each time, its timeout is 2 s (ours: period 0.5 s, fall 2); one prober asks for 12 s";

    internal override async Task<IReadOnlyList<HealthRow>> RunAsync(bool isShort)
    {
        // Nobody works here: together they take no longer than one.
        IReadOnlyList<HealthRow>[] rows = await Task.WhenAll(NodeKinds.All.Select(kind => EachAsync([kind], isShort, (node, row) => MeasureAsync(node, row, TimeSpan.FromSeconds(isShort ? 4 : 12)))));
        return [.. rows.SelectMany(row => row)];
    }

    internal override IEnumerable<Bar> Bars(IReadOnlyList<HealthRow> rows, bool isShort)
    {
        HealthRow ours = Ours(rows);
        yield return new(string.Create(CultureInfo.InvariantCulture, $"answers < {LongestAnswer:N0} ms throughout (longest {ours.LongestMs:N1} ms; of MapGet(\"ok\") at the same time {rows.Single(row => row.Client == NodeKinds.MapGet).LongestMs:N1} ms)"), ours.LongestMs < LongestAnswer, NeedsFullRun: true);
        yield return new(string.Create(CultureInfo.InvariantCulture, $"503 after fall (after {ours.First503Ms:N0} ms)"), ours.First503Ms is not null);
        yield return new($"≤ 1 execution at a time (was {ours.AtOnce})", ours.AtOnce <= 1);
    }

    private static async Task<HealthRow> MeasureAsync(NodeProcess node, HealthRow row, TimeSpan length)
    {
        using Connection prober = await Connection.OpenAsync(node.Port, "/health", CancellationToken.None);
        using PeriodicTimer pause = new(TimeSpan.FromMilliseconds(20));
        while (await prober.AskAsync(CancellationToken.None) != 200)
        {
            await pause.WaitForNextTickAsync();
        }

        // What comes now should not meet code that is still being compiled.
        for (int i = 0; i < 50; i++)
        {
            await prober.AskAsync(CancellationToken.None);
        }

        int before = (await node.AskAsync("runs"))[0];
        await node.AskAsync("hang");
        long start = Stopwatch.GetTimestamp();
        List<double> took = [];
        double? first503 = null;
        int status = 0;
        while (Stopwatch.GetElapsedTime(start) < length)
        {
            long asked = Stopwatch.GetTimestamp();
            status = await prober.AskAsync(CancellationToken.None);
            took.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
            first503 ??= status == 503 ? Stopwatch.GetElapsedTime(start).TotalMilliseconds : null;
            await pause.WaitForNextTickAsync();
        }

        Answers answers = new(took, Stopwatch.GetElapsedTime(start));
        int[] runs = await node.AskAsync("runs");
        bool hasChecks = node.Kind != NodeKinds.MapGet;
        return row with { Rps = answers.Rps, Executions = hasChecks ? runs[0] - before : null, AtOnce = hasChecks ? runs[1] : null, P99Ms = answers.P99, LongestMs = answers.Longest, Status = status, First503Ms = first503 };
    }
}
