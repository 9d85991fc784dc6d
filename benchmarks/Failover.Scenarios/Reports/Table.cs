using System.Globalization;

namespace Failover.Scenarios.Reports;

/// <summary>The rows for people.</summary>
internal static class Table
{
    private static readonly string[] Titles =
        ["fault", "rate", "client", "requests", "failed", "outside", "slow", "p50 ms", "p99 ms", "max ms", "dead hits", "last 5 s", "in flight", "probes", "connects", "logged", "doubled", "unknown", "back ms", "moves"];

    internal static void Print(IEnumerable<Row> rows)
    {
        string[][] lines = [Titles, .. rows.Select(Cells)];
        int[] widths = [.. Titles.Select((_, column) => lines.Max(line => line[column].Length))];
        foreach (string[] line in lines)
        {
            // What names the run stands left, what was counted right.
            Console.WriteLine(string.Join("  ", line.Select((cell, column) => column is 0 or 2 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))));
        }
    }

    private static string[] Cells(Row row) =>
    [
        row.Fault, N(row.Rate), row.Client, N(row.Requests), N(row.Failed), N(row.FailedOutside), N(row.Slow), Ms(row.P50Ms), Ms(row.P99Ms), Ms(row.MaxMs), N(row.DeadHits), N(row.DeadHitsLast5s),
        N(row.InFlight), N(row.Probes), N(row.Connects), N(row.Logged), N(row.Doubled), N(row.Unknown), row.BackMs is { } back ? Ms(back) : "–", row.Switchovers is { } moves ? N(moves) : "–",
    ];

    private static string N(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Ms(double milliseconds) => milliseconds.ToString("N1", CultureInfo.InvariantCulture);
}
