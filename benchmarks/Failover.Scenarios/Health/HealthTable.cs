using System.Globalization;
using Failover.Scenarios.Reports;

namespace Failover.Scenarios.Health;

/// <summary>The rows for people.</summary>
internal static class HealthTable
{
    private static readonly string[] Titles =
        ["case", "endpoint", "answers/s", "cpu µs", "ratio", "from", "to", "executions", "at once", "p99 ms", "longest ms", "status", "leaked", "to callers", "first 503 ms", "503 for ms", "200 after", "refused ms"];

    internal static void Print(IEnumerable<HealthRow> rows)
    {
        string[][] lines = [Titles, .. rows.Select(Cells)];
        TextTable.Print(lines);
    }

    private static string[] Cells(HealthRow row) =>
    [
        row.Case, row.Client, N(row.Rps, "N0"), N(row.CpuMicros, "N1"), N(row.Ratio, "N2"), N(row.RatioLow, "N2"), N(row.RatioHigh, "N2"), N(row.Executions, "N0"), N(row.AtOnce, "N0"), N(row.P99Ms, "N1"),
        N(row.LongestMs, "N1"), N(row.Status, "0"), N(row.Leaked, "N0"), N(row.LeakedToCallers, "N0"), N(row.First503Ms, "N0"), N(row.Served503Ms, "N0"), N(row.OkAfter503, "N0"), N(row.RefusedMs, "N0"),
    ];

    private static string N(double? number, string format) => number?.ToString(format, CultureInfo.InvariantCulture) ?? "";
}
