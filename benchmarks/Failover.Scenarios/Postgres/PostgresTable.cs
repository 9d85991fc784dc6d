using System.Globalization;
using Failover.Scenarios.Reports;

namespace Failover.Scenarios.Postgres;

/// <summary>The rows for people: all runs of a fault and a client in one line.</summary>
internal static class PostgresTable
{
    private static readonly string[] Titles = ["fault", "client", "runs", "detect ms", "follow ms", "failed", "slowest ms", "lost", "async lost", "doubled", "stale", "25006", "suspicion ms", "settled ms", "p50 before ms"];

    internal static void Print(IEnumerable<PostgresRow> rows)
    {
        string[][] lines = [Titles, .. rows.GroupBy(static row => (row.Fault, row.Client)).Select(static group => Cells(group.Key.Fault, group.Key.Client, [.. group]))];
        TextTable.Print(lines);
        Console.WriteLine("min / median / max; a sum where there is one number.");
    }

    private static string[] Cells(string fault, string client, IReadOnlyList<PostgresRow> rows) =>
    [
        fault, client, N(rows.Count),
        Range(rows, static row => row.DetectMs), Range(rows, static row => row.FollowMs), Range(rows, static row => row.Failed), Range(rows, static row => row.SlowestMs),
        Sum(rows, static row => row.Lost), Sum(rows, static row => row.AsyncLost), Sum(rows, static row => row.Doubled), Sum(rows, static row => row.Stale), Sum(rows, static row => row.Details.ReadOnlyErrors),
        Range(rows, static row => row.Details.SuspicionMs), Range(rows, static row => row.Details.SettledMs), Range(rows, static row => double.IsNaN(row.Details.SteadyMs) ? null : row.Details.SteadyMs),
    ];

    private static string Range(IReadOnlyList<PostgresRow> rows, Func<PostgresRow, double?> value) => Numbers.Range([.. rows.Select(value)]);

    private static string Sum(IReadOnlyList<PostgresRow> rows, Func<PostgresRow, int> value) => N(rows.Sum(value));

    private static string N(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
