using System.Globalization;
using System.Text.Json;
using Failover.Scenarios.Faults;
using Failover.Scenarios.Reports;

namespace Failover.Scenarios.Http;

/// <summary>An HTTP client of a primary and a secondary: every fault with every client, one after the other.</summary>
internal static class HttpScenario
{
    /// <returns>0 if our own client kept every bar.</returns>
    internal static async Task<int> RunAsync(ScenarioOptions options)
    {
        foreach (Fault fault in options.Faults.Where(fault => !fault.CanRunHere))
        {
            Console.WriteLine($"{fault.Name}: skipped, this operating system cannot do it.");
        }

        IReadOnlyList<PlannedRun> runs = PlannedRun.All(options);
        Console.WriteLine($"{runs.Count} runs, one after the other: about {Text(Length(runs))}.");
        List<Row> rows = [];
        List<(Row Row, Bar Bar)> bars = [];
        foreach (PlannedRun run in runs)
        {
            Row row = RowOf.Run(await HttpRun.RunAsync(run.Fault, run.Client, run.Rate, run.IsShort));
            rows.Add(row);
            bars.AddRange(run.IsOurs ? run.Fault.Bars(row).Where(bar => !(bar.NeedsFullRun && run.IsShort)).Select(bar => (row, bar)) : []);
            Console.WriteLine($"{rows.Count}/{runs.Count}  {row.Fault}, {row.Rate} req/s, {row.Client}: {row.Requests:N0} requests, {row.Failed:N0} failed, {row.Slow:N0} slow, {row.DeadHits:N0} hits on the dead primary; {Text(Length(runs.Skip(rows.Count)))} left");
            await WriteAsync(options.Json, rows);
        }

        Console.WriteLine();
        Table.Print(rows);
        Console.WriteLine();
        foreach ((Row row, Bar bar) in bars)
        {
            Console.WriteLine($"{(bar.IsKept ? "kept  " : "MISSED")}  {row.Fault}, {row.Rate} req/s: {bar.Text}");
        }

        return bars.TrueForAll(b => b.Bar.IsKept) ? 0 : 1;
    }

    private static TimeSpan Length(IEnumerable<PlannedRun> runs) => runs.Aggregate(TimeSpan.Zero, (sum, run) => sum + run.Length);

    private static string Text(TimeSpan length) =>
        length < TimeSpan.FromMinutes(2) ? string.Create(CultureInfo.InvariantCulture, $"{length.TotalSeconds:0} s") : string.Create(CultureInfo.InvariantCulture, $"{length.TotalMinutes:0} min");

    /// <summary>After each run, so that one that is cut short is not lost.</summary>
    private static async Task WriteAsync(string? file, IReadOnlyList<Row> rows)
    {
        if (file is not null)
        {
            await File.WriteAllTextAsync(file, JsonSerializer.Serialize(rows, RowJson.Default.IReadOnlyListRow) + "\n");
        }
    }
}
