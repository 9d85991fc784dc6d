using System.Diagnostics;
using Failover.Scenarios.Redis.Clients;
using Failover.TestServers.Sentinel;
using Failover.TestServers.Writes.Redis;

namespace Failover.Scenarios.Redis.Faults;

/// <summary>A fault after which another node is the master.</summary>
internal abstract class MovingFault : SentinelFault
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    internal override async Task<IReadOnlyList<RedisRow>> RunAsync(RedisStage stage, IReadOnlyList<RedisClientKind> clients, int number, bool isShort)
    {
        await using RedisRun run = await RedisRun.StartAsync(stage, clients);
        await SettleAsync(isShort);
        long begun = Stopwatch.GetTimestamp();
        await BreakAsync(run.Set, run.Master);
        Reign? next = null;
        if (!await RedisRun.WaitAsync(
            () =>
            {
                next = run.Oracle.Seen.FirstOrDefault(reign => reign.Node != run.Master.Name && reign.First > begun);
                return Task.FromResult(next is not null && run.Since(begun).Switched is not null);
            },
            Limit))
        {
            throw new TimeoutException($"The sentinels did not move the master within {Limit.TotalSeconds} s. {run.StorySince(begun)}");
        }

        await AfterAsync(run, begun, isShort);
        Announcements said = run.Since(begun);
        Console.WriteLine($"  {Name} {number}: the new master took a write {Stopwatch.GetElapsedTime(begun, next!.First).TotalSeconds:0.00} s after the fault, most sentinels named it after {Stopwatch.GetElapsedTime(begun, said.Switched!.Value).TotalSeconds:0.00} s");
        return await run.EndAsync(Name, number, begun);
    }

    protected abstract Task BreakAsync(SentinelSet set, RedisNode master);

    /// <summary>Once there is a new master: lets the clients write until all that comes of it has come.</summary>
    protected abstract Task AfterAsync(RedisRun run, long begun, bool isShort);

    /// <summary>Waits until the sentinels have made a replica of the old master, some 10 s after it answers beside the new one, and until all clients have written after that.</summary>
    protected static async Task WaitForDemotionAsync(RedisRun run)
    {
        await RedisRun.WaitAsync(async () => await run.Master.StateAsync() is { IsMaster: false }, TimeSpan.FromSeconds(30));
        await run.WaitForAllToWriteAsync(Stopwatch.GetTimestamp(), TimeSpan.FromSeconds(12));
    }
}
