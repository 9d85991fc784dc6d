using System.Collections.Concurrent;
using System.Diagnostics;
using StackExchange.Redis;

namespace Failover.Redis.Tests.Tunnel;

/// <summary>Counts keys up, so many times a second, whether or not the answers come. It leaves room on the machine: where a load does not, the thread pool gives nobody else a turn for up to a second.</summary>
internal sealed class CountingLoad : IAsyncDisposable
{
    private const int Keys = 64;
    private const int MostUnanswered = 50_000;

    private readonly CancellationTokenSource _stop = new();
    private readonly long[] _counts = new long[Keys];
    private readonly Task _sending;
    private long _sent;
    private long _answered;

    private CountingLoad(IDatabase database, int perSecond) => _sending = Task.Run(() => SendAsync(database, perSecond));

    internal long Acknowledged => _counts.Sum();

    /// <summary>Gets what went wrong.</summary>
    internal ConcurrentQueue<Exception> Errors { get; } = [];

    internal static CountingLoad Start(IDatabase database, int perSecond = 15_000) => new(database, perSecond);

    /// <summary>Waits until so many more were acknowledged.</summary>
    internal async Task MoreAsync(long count)
    {
        long wanted = Acknowledged + count;
        await TestServers.Waiting.ForAsync(() => Task.FromResult<object?>(Acknowledged >= wanted ? "" : null), TimeSpan.FromMilliseconds(2), TunnelApp.Limit, () => $"{count} more, of which {Acknowledged - wanted + count} came, {Errors.Count} errors, the last {Errors.LastOrDefault()}");
    }

    /// <summary>Sends no more, and waits for all answers.</summary>
    internal async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _sending.WaitAsync(TunnelApp.Limit);
        await TestServers.Waiting.ForAsync(() => Task.FromResult<object?>(Volatile.Read(ref _answered) == _sent ? "" : null), TimeSpan.FromMilliseconds(2), TunnelApp.Limit, () => $"{_sent - _answered} answers");
    }

    /// <summary>Compares what was acknowledged with what servers have, each key by itself. Only what failed may have been done or not.</summary>
    internal async Task CheckAsync(params IDatabase[] databases)
    {
        long found = 0;
        for (int key = 0; key < Keys; key++)
        {
            long ofKey = 0;
            foreach (IDatabase database in databases)
            {
                ofKey += (long)await database.StringGetAsync(KeyOf(key));
            }

            Assert.True(Errors.IsEmpty ? ofKey == _counts[key] : ofKey >= _counts[key], $"{_counts[key]} of {KeyOf(key)} were acknowledged, {ofKey} are there");
            found += ofKey;
        }

        Assert.InRange(found, Acknowledged, Acknowledged + Errors.Count);
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private static RedisKey KeyOf(int key) => $"count:{key}";

    private async Task SendAsync(IDatabase database, int perSecond)
    {
        using PeriodicTimer tick = new(TimeSpan.FromMilliseconds(4));
        long begun = Stopwatch.GetTimestamp();
        while (!_stop.IsCancellationRequested && await tick.WaitForNextTickAsync())
        {
            for (long due = Math.Min((long)(Stopwatch.GetElapsedTime(begun).TotalSeconds * perSecond), _sent + 500); _sent < due && _sent - Volatile.Read(ref _answered) < MostUnanswered; _sent++)
            {
                _ = CountAsync(database, (int)(_sent % Keys));
            }
        }
    }

    private async Task CountAsync(IDatabase database, int key)
    {
        try
        {
            await database.StringIncrementAsync(KeyOf(key));
            Interlocked.Increment(ref _counts[key]);
        }
        catch (RedisException error)
        {
            Errors.Enqueue(error);
        }

        Interlocked.Increment(ref _answered);
    }
}
