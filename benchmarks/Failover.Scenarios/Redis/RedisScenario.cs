using System.Text.Json;
using Failover.Scenarios.Faults;
using Failover.Scenarios.Redis.Clients;
using Failover.Scenarios.Redis.Faults;
using Failover.Scenarios.Reports;
using Failover.TestServers;

namespace Failover.Scenarios.Redis;

/// <summary>Redis with Sentinel whose master moves: all clients write into it at the same time, and one fault comes after the other.</summary>
internal static class RedisScenario
{
    private const string Program = "redis-server";
    private const int MostTries = 3;

    /// <returns>0 if our own clients kept every bar.</returns>
    internal static async Task<int> RunAsync(RedisOptions options)
    {
        if (IsMissing())
        {
            return 2;
        }

        List<RedisRow> rows = [];
        await using (RedisStage stage = await RedisStage.StartAsync())
        {
            foreach ((SentinelFault fault, int number) in options.Faults.SelectMany(fault => Enumerable.Range(1, fault.Runs(options.Runs)).Select(number => (fault, number))))
            {
                IReadOnlyList<RedisRow> measured = await MeasureAsync(stage, fault, number, options);
                rows.AddRange(measured);
                Tell(measured);
                await WriteAsync(options.Json, rows);
                await stage.RestoreAsync();
            }
        }

        Console.WriteLine();
        RedisTable.Print(rows);
        Console.WriteLine();
        return BarList.Print(
            from fault in options.Faults
            from bar in fault.Bars([.. rows.Where(row => row.Fault == fault.Name)])
            where !(bar.NeedsFullRun && options.IsShort)
            select (fault.Name, bar));
    }

    /// <summary>Whether there is no server; says so.</summary>
    internal static bool IsMissing()
    {
        if (RequiredServer.Find(Program) is not null)
        {
            return false;
        }

        Console.Error.WriteLine($"Not installed: {Program}. ./test.sh --install installs the test servers on Debian.");
        return true;
    }

    /// <summary>One run. Where the sentinels themselves did not do their part, for which no client is to blame, it is begun anew; what clients meet with is in the rows, and no exception.</summary>
    private static async Task<IReadOnlyList<RedisRow>> MeasureAsync(RedisStage stage, SentinelFault fault, int number, RedisOptions options)
    {
        for (int i = 1; ; i++)
        {
            try
            {
                return await fault.RunAsync(stage, options.Clients, number, options.IsShort);
            }
            catch (TimeoutException problem) when (i < MostTries)
            {
                Console.WriteLine($"  {fault.Name} {number} is begun anew: {problem.Message}");
                await stage.RestoreAsync();
            }
        }
    }

    private static void Tell(IReadOnlyList<RedisRow> rows)
    {
        foreach (RedisRow row in rows)
        {
            string errors = row.Details.Errors.Count > 0 ? $" ({string.Join(", ", row.Details.Errors.Select(static error => $"{error.Value} × {error.Key}"))})" : "";

            // Where nothing moved there is none to follow.
            string follow = row.SwitchMs is null ? "" : $", follow {Numbers.Text(row.FollowMs ?? double.PositiveInfinity)} ms";
            string health = row.Details.HealthAfter is { } status ? $", health {status}" : "";
            Console.WriteLine(
                $"    {row.Client}: {row.Acked:N0} acknowledged, {row.Lost} lost ({row.Stale} stale), {row.AsyncLost} by replication, {row.Unknown} unknown, {row.Failed} failed{errors}, gap {Numbers.Text(row.GapMs)} ms{follow}{health}");
        }
    }

    /// <summary>After each run, so that one that is cut short is not lost.</summary>
    private static async Task WriteAsync(string? file, IReadOnlyList<RedisRow> rows)
    {
        if (file is not null)
        {
            await File.WriteAllTextAsync(file, JsonSerializer.Serialize(rows, RedisRowJson.Default.IReadOnlyListRedisRow) + "\n");
        }
    }
}
