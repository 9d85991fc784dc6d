using System.Globalization;
using Failover.Scenarios.Reports;

namespace Failover.Scenarios.Redis;

/// <summary>The rows for people: all runs of a fault and a client in one line.</summary>
internal static class RedisTable
{
    private static readonly string[] Titles = ["fault", "client", "runs", "acked", "lost", "of it stale", "async lost", "unknown", "failed", "gap ms", "kept gap ms", "follow ms", "follow oracle ms", "accept ms", "switch ms", "suspicion ms"];

    internal static void Print(IEnumerable<RedisRow> rows)
    {
        TextTable.Print([Titles, .. rows.GroupBy(static row => (row.Fault, row.Client)).Select(static group => Cells(group.Key.Fault, group.Key.Client, [.. group]))]);
        Console.WriteLine("min / median / max; a sum where there is one number.");
    }

    private static string[] Cells(string fault, string client, IReadOnlyList<RedisRow> rows) =>
    [
        fault, client, N(rows.Count), Sum(rows, static row => row.Acked),
        Range(rows, static row => row.Lost), Range(rows, static row => row.Stale), Range(rows, static row => row.AsyncLost), Range(rows, static row => row.Unknown), Range(rows, static row => row.Failed),
        Range(rows, static row => row.GapMs), Range(rows, static row => row.KeptGapMs), Range(rows, static row => row.FollowMs), Range(rows, static row => row.OracleFollowMs), Range(rows, static row => row.AcceptMs), Range(rows, static row => row.SwitchMs), Range(rows, static row => row.Details.SuspicionMs),
    ];

    private static string Range(IReadOnlyList<RedisRow> rows, Func<RedisRow, double?> value) => Numbers.Range([.. rows.Select(value)]);

    private static string Range(IReadOnlyList<RedisRow> rows, Func<RedisRow, int> value)
    {
        int[] all = [.. rows.Select(value)];
        return all.Max() == 0 ? "0" : $"{N(all.Min())} / {Numbers.Median([.. all.Select(static one => (double)one)]).ToString("#,0.#", CultureInfo.InvariantCulture)} / {N(all.Max())}";
    }

    private static string Sum(IReadOnlyList<RedisRow> rows, Func<RedisRow, int> value) => N(rows.Sum(value));

    private static string N(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
