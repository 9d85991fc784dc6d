using System.Diagnostics;
using System.Net;
using Failover.Redis.Resp;
using Failover.Redis.Tunnel;
using Failover.TestServers.Servers;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace Failover.Benchmarks.Redis;

/// <summary>
/// What a command costs over a connection that can be moved, beside a plain multiplexer's to the same server. Needs Redis: one is started. On a busy machine one round is wrong by a third: so both take turns in many short ones, and the median of the ratios counts.
/// </summary>
internal static class RedisRun
{
    private const int WarmUp = 100;
    private const double MaxRatio = 1.02;

    /// <returns>0 if every bar was kept.</returns>
    internal static async Task<int> RunAsync(int rounds)
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using ConnectionMultiplexer plain = await ConnectionMultiplexer.ConnectAsync(server.Endpoint);
        using MasterTunnel tunnel = new(new TunnelSettings(new RespAccess(static _ => default, null, ""), TimeSpan.FromSeconds(5)), TimeProvider.System, NullLogger.Instance);
        tunnel.SwitchTo(new IPEndPoint(IPAddress.Loopback, server.Port));
        ConfigurationOptions options = new();
        MasterTunnel.Configure(options, tunnel);
        await using ConnectionMultiplexer ours = await ConnectionMultiplexer.ConnectAsync(options);

        int missed = 0;
        Console.WriteLine($"{"",-18} {"plain us",9} {"ours us",9} {"ratio",7} {"middle half",15} {"plain B",8} {"ours B",8} {"more B",7}   {rounds} rounds");
        foreach (RedisLoad load in RedisLoad.All)
        {
            (Cost Plain, Cost Ours)[] costs = await InTurnsAsync(load, plain.GetDatabase(), ours.GetDatabase(), rounds);
            double[] ratios = [.. costs.Select(static cost => cost.Ours.Micros / cost.Plain.Micros).Order()];
            double more = Median(costs.Select(static cost => cost.Ours.Bytes)) - Median(costs.Select(static cost => cost.Plain.Bytes));
            bool kept = Median(ratios) <= MaxRatio && Math.Round(more) <= 0;
            missed += kept ? 0 : 1;
            Console.WriteLine(
                $"{load.Name,-18} {Median(costs.Select(static cost => cost.Plain.Micros)),9:N2} {Median(costs.Select(static cost => cost.Ours.Micros)),9:N2} {Median(ratios),7:N3} {$"{ratios[rounds / 4]:N2} - {ratios[rounds * 3 / 4]:N2}",15} "
                + $"{Median(costs.Select(static cost => cost.Plain.Bytes)),8:N1} {Median(costs.Select(static cost => cost.Ours.Bytes)),8:N1} {more,7:N1}{(kept ? "" : "  MISSED")}");
        }

        Console.WriteLine(missed == 0 ? "Every bar was kept: 2 % of time, 0 bytes." : $"{missed} missed.");
        return missed == 0 ? 0 : 1;
    }

    private static async Task<(Cost Plain, Cost Ours)[]> InTurnsAsync(RedisLoad load, IDatabase plain, IDatabase ours, int rounds)
    {
        (Cost, Cost)[] costs = new (Cost, Cost)[rounds];
        for (int round = -WarmUp; round < rounds; round++)
        {
            // Who comes first changes, too.
            Cost first = await MeasureAsync(load, round % 2 == 0 ? plain : ours);
            Cost second = await MeasureAsync(load, round % 2 == 0 ? ours : plain);
            if (round >= 0)
            {
                costs[round] = round % 2 == 0 ? (first, second) : (second, first);
            }
        }

        return costs;
    }

    private static async Task<Cost> MeasureAsync(RedisLoad load, IDatabase database)
    {
        long bytes = GC.GetTotalAllocatedBytes(precise: true);
        long begun = Stopwatch.GetTimestamp();
        await load.RunAsync(database, load.Commands);
        TimeSpan took = Stopwatch.GetElapsedTime(begun);
        return new(took.TotalMicroseconds / load.Commands, (double)(GC.GetTotalAllocatedBytes(precise: true) - bytes) / load.Commands);
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private readonly record struct Cost(double Micros, double Bytes);
}
