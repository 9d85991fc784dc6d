using System.Globalization;
using System.Text.Json;
using Failover.Scenarios.Faults;
using Failover.Scenarios.Redis.Clients;
using Failover.Scenarios.Reports;
using Failover.TestServers.Sentinel;

namespace Failover.Scenarios.Redis.Steady;

/// <summary>
/// What ours costs as long as nothing happens: its commands beside those of a plain multiplexer to the same master, by turns in many short rounds, since a machine is never as fast twice. A second plain one shows what differs where nothing does.
/// </summary>
internal static class SteadyScenario
{
    private const string Plain = "plain";
    private const string PlainAgain = "plain-again";
    private const double Slack = 0.02;
    private const int WarmUp = 5;

    /// <returns>0 if ours kept every bar.</returns>
    internal static async Task<int> RunAsync(SteadyOptions options)
    {
        if (RedisScenario.IsMissing())
        {
            return 2;
        }

        IReadOnlyList<SteadyRow> rows = await MeasureAsync(options.Rounds);
        if (options.Json is { } file)
        {
            await File.WriteAllTextAsync(file, JsonSerializer.Serialize(rows, SteadyRowJson.Default.IReadOnlyListSteadyRow) + "\n");
        }

        string[] titles = ["work", "client", "command", "per s", "p50 µs", "p99 µs", "B/command", "throughput of plain", "p50 of plain", "B more"];
        TextTable.Print([titles, .. rows.Select(Cells)]);
        Console.WriteLine($"medians of {options.Rounds} rounds; p50 and p99 of pipelined commands are those of a batch.");
        Console.WriteLine();
        return BarList.Print(Bars(rows));
    }

    internal static async Task<IReadOnlyList<SteadyRow>> MeasureAsync(int rounds)
    {
        await using RedisStage stage = await RedisStage.StartAsync();
        RedisNode master = await stage.Set.WaitForMasterAsync();
        await using RedisClient plain = await RedisClientKind.ConnectAsync(master.Endpoint);
        await using RedisClient again = await RedisClientKind.ConnectAsync(master.Endpoint);
        await using RedisClient ours = await RedisClientKind.All.Single(static kind => kind.Name == RedisClientKind.Ours).CreateAsync(stage.Set);
        (string Name, RedisClient Client)[] clients = [(Plain, plain), (PlainAgain, again), (RedisClientKind.Ours, ours)];
        Dictionary<(Work, string), List<Measured>> measured = [];
        for (int round = -WarmUp; round < rounds; round++)
        {
            foreach (Work work in Work.All)
            {
                for (int i = 0; i < clients.Length; i++)
                {
                    // Another one is first each time, and another one before each.
                    int turn = (Math.Abs(round) + (round % 2 == 0 ? i : clients.Length - i)) % clients.Length;
                    Measured one = await work.RunAsync(clients[turn].Client.Database);
                    if (round >= 0)
                    {
                        (measured.TryGetValue((work, clients[turn].Name), out List<Measured>? all) ? all : measured[(work, clients[turn].Name)] = []).Add(one);
                    }
                }
            }
        }

        return [.. from work in Work.All from client in clients select SteadyRow.Of(work, client.Name, measured[(work, client.Name)], measured[(work, Plain)])];
    }

    internal static IEnumerable<(string Work, Bar Bar)> Bars(IEnumerable<SteadyRow> rows)
    {
        foreach (SteadyRow row in rows.Where(static row => row.Client == RedisClientKind.Ours))
        {
            string name = $"{row.Work} {row.Command}";
            yield return (name, new(Text($"ours: throughput ≥ {1 - Slack} of plain's (was {row.Throughput:0.000})"), row.Throughput >= 1 - Slack));
            yield return (name, new(Text($"ours: p50 ≤ {1 + Slack} of plain's (was {row.Latency:0.000})"), row.Latency <= 1 + Slack));
            yield return (name, new(Text($"ours: 0 B more a command (was {row.MoreBytes:0.0})"), row.MoreBytes < 0.5));
        }
    }

    private static string[] Cells(SteadyRow row) =>
    [
        row.Work, row.Client, row.Command, Text($"{row.PerSecond:N0}"), Text($"{row.P50Us:N1}"), Text($"{row.P99Us:N1}"), Text($"{row.BytesPerCommand:N1}"), Text($"{row.Throughput:0.000}"), Text($"{row.Latency:0.000}"), Text($"{row.MoreBytes:0.0}"),
    ];

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
