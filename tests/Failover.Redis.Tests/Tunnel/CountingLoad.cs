using System.Collections.Concurrent;
using StackExchange.Redis;

namespace Failover.Redis.Tests.Tunnel;

/// <summary>Counts keys up, each by one loop that waits for its answer, as fast as it goes.</summary>
internal sealed class CountingLoad : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _loops;
    private long _acknowledged;

    private CountingLoad(IDatabase database, int loops) => _loops = [.. Enumerable.Range(0, loops).Select(loop => Task.Run(() => CountAsync(database, loop)))];

    internal long Acknowledged => Volatile.Read(ref _acknowledged);

    /// <summary>Gets what went wrong.</summary>
    internal ConcurrentQueue<Exception> Errors { get; } = [];

    /// <summary>Gets, of each key, how often it was counted up with success.</summary>
    internal ConcurrentDictionary<int, long> Counts { get; } = [];

    internal static CountingLoad Start(IDatabase database, int loops = 64) => new(database, loops);

    internal static RedisKey KeyOf(int loop) => $"count:{loop}";

    /// <summary>Waits until so many more were acknowledged.</summary>
    internal async Task MoreAsync(long count)
    {
        long wanted = Acknowledged + count;
        await TestServers.Waiting.ForAsync(() => Task.FromResult<object?>(Acknowledged >= wanted ? "" : null), TimeSpan.FromMilliseconds(2), TunnelApp.Limit, () => $"{count} more, of which {Acknowledged - wanted + count} came, {Errors.Count} errors, the last {Errors.LastOrDefault()}");
    }

    internal async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_loops).WaitAsync(TunnelApp.Limit);
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task CountAsync(IDatabase database, int loop)
    {
        RedisKey key = KeyOf(loop);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await database.StringIncrementAsync(key);
                Counts.AddOrUpdate(loop, 1, static (_, before) => before + 1);
                Interlocked.Increment(ref _acknowledged);
            }
            catch (RedisException error)
            {
                Errors.Enqueue(error);
            }
        }
    }
}
