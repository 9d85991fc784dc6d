using Failover.TestServers.Sentinel;

namespace Failover.Scenarios.Redis;

/// <summary>The set, for one run after the other.</summary>
internal sealed class RedisStage : IAsyncDisposable
{
    /// <summary>Peers block threads of the pool while a node is frozen: ours must not wait for those, nor they for each other.</summary>
    private const int Threads = 64;

    private RedisStage(SentinelSet set) => Set = set;

    internal SentinelSet Set { get; private set; }

    internal static async Task<RedisStage> StartAsync()
    {
        ThreadPool.SetMinThreads(Threads, Threads);
        return new(await SentinelSet.StartAsync());
    }

    /// <summary>Undoes what a fault has done. What cannot be mended is begun anew.</summary>
    internal async Task RestoreAsync()
    {
        try
        {
            await Set.RestoreAsync();
        }
        catch (TimeoutException problem)
        {
            Console.WriteLine($"A new set, since the old one did not come back: {problem.Message}");
            await DisposeAsync();
            Set = await SentinelSet.StartAsync();
        }
    }

    public ValueTask DisposeAsync() => Set.DisposeAsync();
}
