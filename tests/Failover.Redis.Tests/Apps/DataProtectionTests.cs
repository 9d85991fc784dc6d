using Failover.Redis.Tests.Sentinel;
using Failover.TestServers;
using Failover.TestServers.Sentinel;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;

namespace Failover.Redis.Tests.Apps;

/// <summary>The keys that cookies are encrypted with: each process of an app reads them from Redis.</summary>
[Collection(OnOtherSentinels.Name)]
public class DataProtectionTests(SharedSentinels shared)
{
    private const string Secret = "who is logged in";

    [ServerFact("redis-server")]
    public async Task Keys_are_read_by_whoever_starts_after_a_failover_and_new_ones_are_written()
    {
        SentinelSet set = await shared.HealthyAsync();
        await using FailoverRedis redis = new FailoverRedisBuilder("cache", set.ConnectionString).Build();
        await redis.ConnectAsync(CancellationToken.None);
        string list = $"keys-{Guid.NewGuid():N}";
        await using ServiceProvider first = Process(redis, list);
        string before = Protect(first);

        await set.MoveAsync(redis);
        await using ServiceProvider second = Process(redis, list);
        Assert.Equal(Secret, Unprotect(second, before));
        Guid written = NewKey(second);
        await using ServiceProvider newer = Process(redis, list);
        string moved = Protect(newer);
        Assert.Equal(2, KeysOf(newer).Length);

        await set.LoseAsync(redis);
        await using ServiceProvider third = Process(redis, list);
        Assert.Contains(written, KeysOf(third));
        Assert.Equal([Secret, Secret], [Unprotect(third, before), Unprotect(third, moved)]);
        Guid last = NewKey(third);

        // Those that were there all the time know the ring of before, and look again for a key that they do not know.
        Assert.Equal(3, KeysOf(first).Length);
        Assert.Contains(last, KeysOf(first));
        Assert.Equal(Secret, Unprotect(first, moved));
    }

    private static ServiceProvider Process(FailoverRedis redis, string list)
    {
        ServiceCollection services = new();
        services.AddDataProtection().SetApplicationName("keys-tests").PersistKeysToStackExchangeRedis(() => redis.Connection.GetDatabase(), list);
        return services.BuildServiceProvider();
    }

    private static Guid NewKey(ServiceProvider process) =>
        process.GetRequiredService<IKeyManager>().CreateNewKey(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), new(2126, 1, 1, 0, 0, 0, TimeSpan.Zero)).KeyId;

    private static Guid[] KeysOf(ServiceProvider process) => [.. process.GetRequiredService<IKeyManager>().GetAllKeys().Select(static key => key.KeyId)];

    private static string Protect(ServiceProvider process) => Protector(process).Protect(Secret);

    private static string Unprotect(ServiceProvider process, string text) => Protector(process).Unprotect(text);

    private static IDataProtector Protector(ServiceProvider process) => process.GetDataProtectionProvider().CreateProtector("cookies");
}
