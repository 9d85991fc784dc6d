using System.Diagnostics;
using Failover.Scenarios.Faults;
using Failover.Scenarios.Redis.Clients;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Failover.Scenarios.Redis.Faults;

/// <summary>Two of the three sentinels get a SIGKILL; the master is well.</summary>
internal sealed class TwoSentinelsDown : SentinelFault
{
    internal override string Name => "two-sentinels-down";

    internal override async Task<IReadOnlyList<RedisRow>> RunAsync(RedisStage stage, IReadOnlyList<RedisClientKind> clients, int number, bool isShort)
    {
        await using RedisRun run = await RedisRun.StartAsync(stage, clients);
        await SettleAsync(isShort);
        long begun = Stopwatch.GetTimestamp();
        await Task.WhenAll(run.Set.Sentinels.Take(2).Select(static sentinel => sentinel.KillAsync()));

        // Past down-after, and what a client waits for.
        await run.WatchHealthAsync(TimeSpan.FromSeconds(isShort ? 5 : 15));
        Console.WriteLine($"  {Name} {number}: one of three sentinels was left for {Stopwatch.GetElapsedTime(begun).TotalSeconds:0} s");
        return await run.EndAsync(Name, number, begun);
    }

    protected override IEnumerable<Bar> BarsOf(string client, IReadOnlyList<RedisRow> ours)
    {
        foreach (Bar bar in NothingMoves(client, ours).Append(NothingLost(client, ours)))
        {
            yield return bar;
        }

        RunDetails details = (ours.FirstOrDefault(static row => !IsDegraded(row.Details)) ?? ours[0]).Details;
        yield return new(
            $"{client}: health becomes degraded, never worse, and says so of the sentinels (was: {details.HealthBefore}; at the worst of {details.HealthLooks} looks {details.HealthWorst}, then {details.HealthAfter}, {details.HealthWords})",
            ours.All(static row => IsDegraded(row.Details)));
    }

    private static bool IsDegraded(RunDetails details) =>
        details is { HealthBefore: HealthStatus.Healthy, HealthLooks: > 0, HealthWorst: HealthStatus.Degraded, HealthAfter: HealthStatus.Degraded } && details.HealthWords!.Contains("sentinels", StringComparison.Ordinal);
}
