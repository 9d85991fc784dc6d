using System.Text.Json;
using Failover.Scenarios.Faults;
using Failover.Scenarios.Reports;
using Failover.TestServers.Virtual;

namespace Failover.Scenarios.Virtual;

/// <summary>Two nodes with a virtual address, for each way in which keepalived learns whether they are fit: one fault after the other, one design after the other.</summary>
internal static class VirtualScenario
{
    /// <returns>0 if our own design kept every bar.</returns>
    internal static async Task<int> RunAsync(VirtualScenarioOptions options)
    {
        if (VirtualSite.Missing is { } missing)
        {
            Console.Error.WriteLine(missing);
            return 2;
        }

        IReadOnlyList<VirtualRow> rows = await MeasureAsync(options);
        Console.WriteLine();
        Print(rows, options.Designs);
        Console.WriteLine();
        return BarList.Print(
            from fault in options.Faults
            let ours = rows.Where(row => row.Fault == fault.Name && row.Design == VirtualDesignKind.Ours).ToArray()
            where ours.Length > 0
            from bar in fault.Bars(ours)
            where !(bar.NeedsFullRun && options.IsShort)
            select (fault.Name, bar));
    }

    internal static async Task<IReadOnlyList<VirtualRow>> MeasureAsync(VirtualScenarioOptions options)
    {
        List<VirtualRow> rows = [];
        List<VirtualStage> stages = [];
        try
        {
            foreach (VirtualDesignKind design in options.Designs)
            {
                stages.Add(await VirtualStage.StartAsync(design));
            }

            foreach ((VirtualFault fault, int run) in options.Faults.SelectMany(fault => Enumerable.Range(1, options.Runs).Select(run => (fault, run))))
            {
                foreach (VirtualStage stage in stages.Where(stage => fault.IsOf(stage.Design)))
                {
                    foreach (VirtualRow row in await fault.RunAsync(stage, run))
                    {
                        rows.Add(row);
                        Console.WriteLine($"  {LineOf(fault, row)}");
                    }

                    if (options.Json is { } file)
                    {
                        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(rows, VirtualRowJson.Default.IReadOnlyListVirtualRow) + "\n");
                    }
                }
            }
        }
        finally
        {
            foreach (VirtualStage stage in stages)
            {
                await stage.DisposeAsync();
            }
        }

        return rows;
    }

    /// <summary>A run in one line. What did not come is told as that.</summary>
    internal static string LineOf(VirtualFault fault, VirtualRow row) =>
        $"{row.Fault} {row.Run}: {row.Design}{(fault.Moves ? $" {Numbers.Text(row.SwitchMs ?? double.PositiveInfinity)} ms," : "")} gap {Numbers.Text(row.GapMs ?? double.PositiveInfinity)} ms, {row.Failed} failed, both {Numbers.Text(row.DualMs)} ms{(row.ToldBy is null ? "" : $", told by {row.ToldBy} {Numbers.Text(row.ToldMs ?? double.PositiveInfinity)} ms")}";

    /// <summary>The designs beside each other.</summary>
    private static void Print(IReadOnlyList<VirtualRow> rows, IReadOnlyList<VirtualDesignKind> designs)
    {
        string[][] lines =
        [
            ["fault", "", .. designs.Select(static design => design.Name)],
            .. from fault in rows.GroupBy(static row => row.Fault)
               from value in Values(fault)
               select new[] { fault.Key, value.What }.Concat(designs.Select(design => Cell(fault.Where(row => row.Design == design.Name && value.IsAsked(row)).Select(value.Of)))).ToArray(),
        ];
        TextTable.Print(lines);
        Console.WriteLine("median / max of a run");
    }

    /// <summary>What is known of a fault: how long the address took to move, unless it was to stay, and, of each detector, how long it took until that told.</summary>
    private static IEnumerable<(string What, Func<VirtualRow, bool> IsAsked, Func<VirtualRow, double?> Of)> Values(IGrouping<string, VirtualRow> fault)
    {
        if (VirtualFault.All.Single(its => its.Name == fault.Key).Moves)
        {
            yield return ("switch ms", static _ => true, static row => row.SwitchMs);
        }

        yield return ("gap ms", static _ => true, static row => row.GapMs);
        yield return ("failed", static _ => true, static row => row.Failed);
        yield return ("both ms", static _ => true, static row => row.DualMs);
        foreach (string by in fault.Select(static row => row.ToldBy).OfType<string>().Distinct())
        {
            yield return ($"told by {by} ms", row => row.ToldBy == by, static row => row.ToldMs);
        }
    }

    private static string Cell(IEnumerable<double?> values)
    {
        double[] all = [.. values.Select(static value => value ?? double.PositiveInfinity)];
        return all.Length == 0 ? "–" : $"{Numbers.Text(Numbers.Median(all))} / {Numbers.Text(all.Max())}";
    }
}
