using System.Collections.Concurrent;
using Failover.Redis.Tests.Sentinel;
using Failover.TestServers;
using Failover.TestServers.Sentinel;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.StackExchangeRedis;
using StackExchange.Redis;

namespace Failover.Redis.Tests.Apps;

/// <summary>The distributed cache of ASP.NET Core, which asks for its connection once.</summary>
[Collection(OnOtherSentinels.Name)]
public class CacheTests(SharedSentinels shared)
{
    [ServerFact("redis-server")]
    public async Task Entries_are_written_and_found_through_a_planned_failover_without_an_error_and_after_a_kill_as_before()
    {
        SentinelSet set = await shared.HealthyAsync();
        await using FailoverRedis redis = new FailoverRedisBuilder("cache", set.ConnectionString).Build();
        int asked = 0;
        using RedisCache cache = new(new RedisCacheOptions
        {
            InstanceName = "cache-tests:",
            ConnectionMultiplexerFactory = () =>
            {
                asked++;
                return redis.ConnectAsync(CancellationToken.None);
            },
        });
        await cache.SetStringAsync("old", "kept");
        await using CacheUser user = new(cache);
        await Faults.UntilAsync("50 entries", () => user.Done >= 50);

        await set.MoveAsync(redis);
        int moved = user.Done;
        await Faults.UntilAsync("50 more entries", () => user.Done >= moved + 50);
        Assert.Empty(user.Errors);
        Assert.Equal(0, user.Wrong);

        await set.LoseAsync(redis);
        (int lost, int begun) = (user.Done, user.Begun);
        await Faults.UntilAsync("50 more entries", () => user.Done >= lost + 50);
        Assert.All(user.Errors, error => Assert.True(error.Entry <= begun && error.Exception is (RedisException or TimeoutException), $"{error.Entry} of {begun}: {error.Exception}"));
        Assert.Equal(0, user.Wrong);
        Assert.Equal("kept", await cache.GetStringAsync("old"));
        Assert.Equal(1, asked);
    }

    /// <summary>Writes an entry of its own each 10 ms, whether the one before is done or not, and reads it back.</summary>
    private sealed class CacheUser : IAsyncDisposable
    {
        private readonly CancellationTokenSource _over = new();
        private readonly IDistributedCache _cache;
        private readonly Task _running;
        private int _done;
        private int _wrong;

        internal CacheUser(IDistributedCache cache)
        {
            _cache = cache;
            _running = RunAsync();
        }

        internal int Done => Volatile.Read(ref _done);

        /// <summary>Entries that were written and not found.</summary>
        internal int Wrong => Volatile.Read(ref _wrong);

        internal int Begun { get; private set; }

        internal ConcurrentQueue<(int Entry, Exception Exception)> Errors { get; } = [];

        public async ValueTask DisposeAsync()
        {
            await _over.CancelAsync();
            await _running;
            _over.Dispose();
        }

        private async Task RunAsync()
        {
            List<Task> working = [];
            using PeriodicTimer pace = new(TimeSpan.FromMilliseconds(10));
            while (!_over.IsCancellationRequested)
            {
                working.Add(TryAsync(++Begun));
                working.RemoveAll(static task => task.IsCompleted);
                await pace.WaitForNextTickAsync(CancellationToken.None);
            }

            await Task.WhenAll(working);
        }

        private async Task TryAsync(int entry)
        {
            string key = $"{entry}";
            try
            {
                await _cache.SetStringAsync(key, key, new DistributedCacheEntryOptions { SlidingExpiration = TimeSpan.FromMinutes(5) });
                if (await _cache.GetStringAsync(key) != key)
                {
                    Interlocked.Increment(ref _wrong);
                }

                Interlocked.Increment(ref _done);
            }
            catch (Exception exception)
            {
                Errors.Enqueue((entry, exception));
            }
        }
    }
}
