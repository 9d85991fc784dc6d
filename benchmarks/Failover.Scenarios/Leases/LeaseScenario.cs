using System.Text.Json;
using Failover.Scenarios.Faults;
using Failover.Scenarios.Reports;

namespace Failover.Scenarios.Leases;

/// <summary>Two processes that want to be the primary, for each way to decide it, one fault after the other: all ways at the same time, but for the stop.</summary>
internal static class LeaseScenario
{
    /// <returns>0 if our own clients kept every bar.</returns>
    internal static async Task<int> RunAsync(LeaseScenarioOptions options)
    {
        if (LeaseStage.Missing is [_, ..] missing)
        {
            Console.Error.WriteLine($"Not installed: {string.Join(", ", missing)}. ./test.sh --install installs the test servers on Debian.");
            return 2;
        }

        IReadOnlyList<LeaseRow> rows = await MeasureAsync(options);
        Console.WriteLine();
        Print(rows);
        Console.WriteLine();
        return BarList.Print(
            from fault in options.Faults
            from bar in fault.Bars([.. rows.Where(row => row.Fault == fault.Name)])
            where !(bar.NeedsFullRun && options.IsShort)
            select (fault.Name, bar));
    }

    internal static async Task<IReadOnlyList<LeaseRow>> MeasureAsync(LeaseScenarioOptions options)
    {
        List<LeaseRow> rows = [];
        await using LeaseStage stage = await LeaseStage.StartAsync();
        LeaseContest[] contests = [.. options.Clients.Select(client => new LeaseContest(client, stage))];
        try
        {
            foreach ((LeaseFault fault, int run) in options.Faults.SelectMany(fault => Enumerable.Range(1, fault.Runs(options.Runs)).Select(run => (fault, run))))
            {
                // One after the other: the start of a process is not what is measured.
                foreach (LeaseContest contest in contests)
                {
                    await contest.ReadyAsync();
                }

                IReadOnlyList<LeaseRow> measured = await fault.RunAsync(stage, contests, run, options.IsShort);
                rows.AddRange(measured);
                Console.WriteLine($"  {fault.Name} {run}: {string.Join("; ", measured.Select(static row => $"{row.Client} {Numbers.Text(row.TakeoverMs ?? double.PositiveInfinity)} ms, overlap {Numbers.Text(row.OverlapMs)} ms"))}");
                if (options.Json is { } file)
                {
                    await File.WriteAllTextAsync(file, JsonSerializer.Serialize(rows, LeaseRowJson.Default.IReadOnlyListLeaseRow) + "\n");
                }
            }
        }
        finally
        {
            foreach (LeaseContest contest in contests)
            {
                await contest.DisposeAsync();
            }
        }

        return rows;
    }

    private static void Print(IReadOnlyList<LeaseRow> rows)
    {
        string[] titles = ["fault", "client", "arbiter", "runs", "takeover ms", "overlap ms", "late acts", "acts"];
        TextTable.Print([titles, .. rows.GroupBy(static row => (row.Fault, row.Client)).Select(static group => new[]
        {
            group.Key.Fault, group.Key.Client, group.First().Arbiter, $"{group.Count()}",
            Numbers.Range([.. group.Select(static row => row.TakeoverMs)]), Numbers.Range([.. group.Select(static row => (double?)row.OverlapMs)]),
            $"{group.Sum(static row => row.LateActs)}", $"{group.Sum(static row => row.Acts)}",
        })]);
        Console.WriteLine("min / median / max; a sum where there is one number.");
    }
}
