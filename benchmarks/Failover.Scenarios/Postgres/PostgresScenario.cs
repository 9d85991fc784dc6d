using System.Text.Json;
using Failover.Scenarios.Faults;
using Failover.Scenarios.Postgres.Clients;
using Failover.Scenarios.Postgres.Faults;
using Failover.Scenarios.Reports;
using Failover.TestServers;

namespace Failover.Scenarios.Postgres;

/// <summary>A PostgreSQL cluster that loses its primary: all clients write into it at the same time, and one fault comes after the other.</summary>
internal static class PostgresScenario
{
    /// <summary>Peers block threads of the pool while a node is frozen: ours must not wait for those, nor they for each other.</summary>
    private const int Threads = 64;

    private static readonly string[] Programs = ["patroni", "etcd", "postgres", "setpriv", "haproxy"];

    /// <returns>0 if our own clients kept every bar.</returns>
    internal static async Task<int> RunAsync(PostgresOptions options)
    {
        if (Programs.Where(static program => RequiredServer.Find(program) is null).ToArray() is [_, ..] missing)
        {
            Console.Error.WriteLine($"Not installed: {string.Join(", ", missing)}. ./test.sh --install installs the test servers on Debian.");
            return 2;
        }

        ThreadPool.SetMinThreads(Threads, Threads);
        List<PostgresRow> rows = [];
        await using (Stage stage = await Stage.StartAsync())
        {
            foreach ((ClusterFault fault, int number) in options.Faults.SelectMany(fault => Enumerable.Range(1, fault.Runs(options.Runs)).Select(number => (fault, number))))
            {
                IReadOnlyList<PostgresRow> measured = await fault.RunAsync(stage, options.Clients, number, options.IsShort);
                rows.AddRange(measured);
                Tell(measured);
                await WriteAsync(options.Json, rows);
                await stage.RestoreAsync();
            }
        }

        Console.WriteLine();
        PostgresTable.Print(rows);
        Console.WriteLine();
        return BarList.Print(
            from fault in options.Faults
            from bar in fault.Bars([.. rows.Where(row => row.Fault == fault.Name)])
            where !(bar.NeedsFullRun && options.IsShort)
            select (fault.Name, bar));
    }

    private static void Tell(IReadOnlyList<PostgresRow> rows)
    {
        foreach (PostgresRow row in rows)
        {
            string errors = ClusterClientKind.IsOneOfOurs(row.Client) && row.Details.Errors.Count > 0 ? $" ({string.Join(", ", row.Details.Errors.Select(static error => $"{error.Value} × {error.Key}"))})" : "";
            string settled = row.Details.SettledMs is { } after ? $" (settled at {Numbers.Text(after)} ms)" : "";
            Console.WriteLine($"    {row.Client}: follow {Numbers.Text(row.FollowMs ?? double.PositiveInfinity)} ms{settled}, {row.Failed:N0} failed{errors}, slowest {Numbers.Text(row.SlowestMs)} ms, {row.AsyncLost} lost by replication, {row.Stale} stale");
        }
    }

    /// <summary>After each run, so that one that is cut short is not lost.</summary>
    private static async Task WriteAsync(string? file, IReadOnlyList<PostgresRow> rows)
    {
        if (file is not null)
        {
            await File.WriteAllTextAsync(file, JsonSerializer.Serialize(rows, PostgresRowJson.Default.IReadOnlyListPostgresRow) + "\n");
        }
    }
}
