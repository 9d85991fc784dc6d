using System.Diagnostics;
using Failover.Scenarios.Faults;
using Failover.Scenarios.Redis.Clients;
using Failover.TestServers.Sentinel;

namespace Failover.Scenarios.Redis.Faults;

/// <summary>
/// The sentinel that leads a failover gets a SIGKILL when the replica has become a master and before any says so. The others make it a replica again, and what it took meanwhile is lost. To <see cref="Failover.Redis.RedisPromotion.Fast"/> that is what its docs
/// warn of: it is measured, and held to nothing.
/// </summary>
internal sealed class KilledLeader : SentinelFault
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    internal override string Name => "leader-killed";

    internal override async Task<IReadOnlyList<RedisRow>> RunAsync(RedisStage stage, IReadOnlyList<RedisClientKind> clients, int number, bool isShort)
    {
        await using RedisRun run = await RedisRun.StartAsync(stage, clients);
        await SettleAsync(isShort);
        long begun = Stopwatch.GetTimestamp();
        (RedisNode promoted, SentinelNode leader) = await run.Set.KillLeaderAfterPromotionAsync();
        long killed = Stopwatch.GetTimestamp();
        if (!await RedisRun.WaitAsync(async () => await promoted.StateAsync() is { IsMaster: false }, Limit))
        {
            throw new TimeoutException($"{promoted.Name} was not made a replica again within {Limit.TotalSeconds} s.");
        }

        Console.WriteLine($"  {Name} {number}: {leader.Name} had {promoted.Name} promoted, which was made a replica again {Stopwatch.GetElapsedTime(killed).TotalSeconds:0.0} s later");
        await run.WaitForAllToWriteAsync(Stopwatch.GetTimestamp(), TimeSpan.FromSeconds(12));
        return await run.EndAsync(Name, number, begun);
    }

    protected override IEnumerable<Bar> BarsOf(string client, IReadOnlyList<RedisRow> ours)
    {
        if (client == RedisClientKind.Ours)
        {
            yield return NothingLost(client, ours);
        }
    }
}
