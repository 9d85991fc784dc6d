using System.Diagnostics;
using Failover.Scenarios.Faults;
using Failover.Scenarios.Redis.Clients;
using Failover.Scenarios.Servers;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.Scenarios.Redis.Faults;

/// <summary>The set is well, but for a minute other processes burn every core of the machine: one each, as fast as they can. Ours, and plain StackExchange.Redis to show what the load itself costs.</summary>
internal sealed class BusyMachine : SentinelFault
{
    internal override string Name => "hog";

    internal override int Runs(int asked) => 1;

    internal override async Task<IReadOnlyList<RedisRow>> RunAsync(RedisStage stage, IReadOnlyList<RedisClientKind> clients, int number, bool isShort)
    {
        await using RedisRun run = await RedisRun.StartAsync(stage, clients.Where(static client => client.IsOurs || client.Name == RedisClientKind.Sentinel));
        await SettleAsync(isShort);
        long begun = Stopwatch.GetTimestamp();
        TimeSpan length = TimeSpan.FromSeconds(isShort ? 4 : 60);
        Task watching = run.WatchHealthAsync(length);
        double cores = await CpuHog.BurnAllAsync(length);
        await watching;
        Console.WriteLine($"  {Name} {number}: others had {cores} of {Environment.ProcessorCount} cores");
        return [.. (await run.EndAsync(Name, number, begun)).Select(row => row with { Details = row.Details with { HogCores = cores } })];
    }

    protected override IEnumerable<Bar> BarsOf(string client, IReadOnlyList<RedisRow> ours)
    {
        foreach (Bar bar in NothingMoves(client, ours).Append(NothingLost(client, ours)))
        {
            yield return bar;
        }

        RunDetails details = ours[0].Details;
        yield return new(
            $"{client}: health is as it was (was: {details.HealthBefore}; at the worst of {details.HealthLooks} looks meanwhile {details.HealthWorst}, then {details.HealthAfter}{(details.HealthWords is { Length: > 0 } words ? $", {words}" : "")})",
            details is { HealthBefore: HealthStatus.Healthy, HealthLooks: > 0, HealthWorst: HealthStatus.Healthy, HealthAfter: HealthStatus.Healthy });
        yield return new($"{client}: the hogs had at least a quarter of the {Environment.ProcessorCount} cores (was {details.HogCores})", details.HogCores >= Environment.ProcessorCount / 4.0);
    }
}
