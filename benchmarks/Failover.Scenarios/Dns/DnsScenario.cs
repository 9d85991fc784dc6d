using System.Text.Json;
using Failover.Scenarios.Faults;
using Failover.Scenarios.Reports;
using Failover.TestServers;

namespace Failover.Scenarios.Dns;

/// <summary>A name that leads to the one of two sites that works, and clients that are busy there when it fails: one fault after the other.</summary>
internal static class DnsScenario
{
    private static readonly string[] Programs = ["named", "nsupdate", "dig", "etcd", "postgres", "setpriv", .. OwnNetwork.Programs];

    /// <summary>Gets why it cannot run here; null if it can.</summary>
    internal static string? Missing => Programs.Where(static program => RequiredServer.Find(program) is null).ToArray() is [_, ..] missing
        ? $"Not installed: {string.Join(", ", missing)}. ./test.sh --install installs the test servers on Debian."
        : OwnNetwork.Missing;

    /// <returns>0 if our own client kept every bar.</returns>
    internal static async Task<int> RunAsync(DnsScenarioOptions options)
    {
        if (Missing is { } missing)
        {
            Console.Error.WriteLine(missing);
            return 2;
        }

        IReadOnlyList<DnsRow> rows = await MeasureAsync(options);
        Console.WriteLine();
        Print(rows);
        Console.WriteLine();
        return BarList.Print(
            from fault in options.Faults
            from bar in DnsBars.Of([.. rows.Where(row => row.Fault == fault.Name)])
            where !(bar.NeedsFullRun && options.IsShort)
            select (fault.Name, bar));
    }

    internal static async Task<IReadOnlyList<DnsRow>> MeasureAsync(DnsScenarioOptions options)
    {
        string file = options.Json is { } json ? Path.GetFullPath(json) : Path.GetTempFileName();
        try
        {
            int ended = await OwnNetwork.RunAsync([.. options.ToArguments(), "--json", file]);
            return ended == 0
                ? JsonSerializer.Deserialize(await File.ReadAllTextAsync(file), DnsRowJson.Default.IReadOnlyListDnsRow)!
                : throw new InvalidOperationException($"The scenario ended with {ended}.");
        }
        finally
        {
            if (options.Json is null)
            {
                File.Delete(file);
            }
        }
    }

    private static void Print(IReadOnlyList<DnsRow> rows)
    {
        string[][] lines =
        [
            ["fault", "client", "runs", "detected ms", "switched ms", "visible ms", "served by the standby ms"],
            .. from row in rows
               group row by (row.Fault, row.Client) into all
               select new[]
               {
                   all.Key.Fault, all.Key.Client, $"{all.Count()}",
                   Cell(all.Select(static row => row.DetectMs)), Cell(all.Select(static row => row.SwitchMs)), Cell(all.Select(static row => row.VisibleMs)), Cell(all.Select(static row => row.ClientMs)),
               },
        ];
        TextTable.Print(lines);
        Console.WriteLine("median / max of a run. Detected and served: from the failure on. Switched, at the primary name server, and visible, at each: from the detection on.");
    }

    private static string Cell(IEnumerable<double?> values)
    {
        double[] all = [.. values.Select(static value => value ?? double.PositiveInfinity)];
        return $"{Numbers.Text(Numbers.Median(all))} / {Numbers.Text(all.Max())}";
    }
}
