using System.Text.Json;
using Failover.Scenarios.Faults;
using Failover.Scenarios.Health.Cases;

namespace Failover.Scenarios.Health;

/// <summary>Health endpoints: ours and the peers', each in a server process of its own, one case after the other.</summary>
internal static class HealthScenario
{
    /// <returns>0 if our own endpoint kept every bar.</returns>
    internal static async Task<int> RunAsync(HealthOptions options)
    {
        List<HealthRow> rows = [];
        List<(string Case, Bar Bar)> bars = [];
        foreach (HealthCase one in options.Cases)
        {
            if (!one.CanRunHere)
            {
                Console.WriteLine($"{one.Name}: skipped, this operating system cannot do it.");
                continue;
            }

            Console.WriteLine($"{one.Name}: {one.About}");
            IReadOnlyList<HealthRow> measured = await one.RunAsync(options.IsShort);
            rows.AddRange(measured);
            bars.AddRange(one.Bars(measured, options.IsShort).Where(bar => !(bar.NeedsFullRun && options.IsShort)).Select(bar => (one.Name, bar)));
            if (options.Json is { } file)
            {
                // After each case, so that a run that is cut short is not lost.
                await File.WriteAllTextAsync(file, JsonSerializer.Serialize(rows, HealthRowJson.Default.IReadOnlyListHealthRow) + "\n");
            }
        }

        Console.WriteLine();
        HealthTable.Print(rows);
        Console.WriteLine();
        foreach ((string name, Bar bar) in bars)
        {
            Console.WriteLine($"{(bar.IsKept ? "kept  " : "MISSED")}  {name}: {bar.Text}");
        }

        return bars.TrueForAll(b => b.Bar.IsKept) ? 0 : 1;
    }
}
