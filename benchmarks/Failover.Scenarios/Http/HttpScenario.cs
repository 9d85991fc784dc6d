using System.Text.Json;
using Failover.Scenarios.Clients;
using Failover.Scenarios.Faults;
using Failover.Scenarios.Reports;

namespace Failover.Scenarios.Http;

/// <summary>An HTTP client of a primary and a secondary: every fault with every client, one after the other.</summary>
internal static class HttpScenario
{
    /// <returns>0 if our own client kept every bar.</returns>
    internal static async Task<int> RunAsync(ScenarioOptions options)
    {
        List<Row> rows = [];
        List<(Row Row, Bar Bar)> bars = [];
        foreach (Fault fault in options.Faults)
        {
            if (!fault.CanRunHere)
            {
                Console.WriteLine($"{fault.Name}: skipped, this operating system cannot do it.");
                continue;
            }

            foreach (ClientKind client in options.Clients)
            {
                Row row = RowOf.Run(await HttpRun.RunAsync(fault, client, options.Rate, options.IsShort));
                rows.Add(row);
                Console.WriteLine($"{row.Fault} {row.Client}: {row.Requests:N0} requests, {row.Failed:N0} failed, {row.DeadHits:N0} hits on the dead primary");
                bars.AddRange(client is FailoverClient ? fault.Bars(row).Select(bar => (row, bar)) : []);
            }
        }

        Console.WriteLine();
        Table.Print(rows);
        Console.WriteLine();
        foreach ((Row row, Bar bar) in bars)
        {
            Console.WriteLine($"{(bar.IsKept ? "kept  " : "MISSED")}  {row.Fault}, {row.Rate} req/s: {bar.Text}");
        }

        if (options.Json is { } file)
        {
            await File.WriteAllTextAsync(file, JsonSerializer.Serialize(rows, RowJson.Default.IReadOnlyListRow) + "\n");
        }

        return bars.TrueForAll(b => b.Bar.IsKept) ? 0 : 1;
    }
}
