using Failover.HealthChecks.Checks;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Moq;

namespace Failover.HealthChecks.Tests.Checks.DistributedCache;

public sealed class DistributedCacheCheckTests
{
    [Fact]
    public async Task A_cache_that_loses_what_was_set_fails()
    {
        Mock<IDistributedCache> losing = new();
        losing.Setup(cache => cache.GetAsync(It.IsAny<string>(), It.IsAny<CancellationToken>())).ReturnsAsync((byte[]?)null);
        await using Checked check = Checked.With(checks => checks.AddDistributedCache("cache", _ => losing.Object));

        HealthCheckResult result = await check.RunAsync();

        Assert.Equal(HealthStatus.Unhealthy, result.Status);
        Assert.Equal(CheckStep.Get, result.Data["step"]);
    }

    [Fact]
    public async Task A_cache_that_gives_what_an_earlier_run_has_set_fails()
    {
        Mock<IDistributedCache> stale = new();
        stale.Setup(cache => cache.GetAsync(It.IsAny<string>(), It.IsAny<CancellationToken>())).ReturnsAsync(new byte[16]);
        await using Checked check = Checked.With(checks => checks.AddDistributedCache("cache", _ => stale.Object));

        Assert.Contains("another value", (await check.RunAsync()).Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_nodes_never_use_the_same_key_and_the_entry_expires_soon()
    {
        List<(string Key, TimeSpan? Expiry)> set = [];
        Mock<IDistributedCache> cache = new();
        cache.Setup(one => one.SetAsync(It.IsAny<string>(), It.IsAny<byte[]>(), It.IsAny<DistributedCacheEntryOptions>(), It.IsAny<CancellationToken>()))
            .Callback((string key, byte[] _, DistributedCacheEntryOptions entry, CancellationToken _) => set.Add((key, entry.AbsoluteExpirationRelativeToNow)))
            .Returns(Task.CompletedTask);
        for (int node = 0; node < 2; node++)
        {
            await using Checked check = Checked.With(checks => checks.AddDistributedCache("cache", _ => cache.Object, options => options.KeyPrefix = "probe:", null, []));
            await check.RunAsync();
            await check.RunAsync();
        }

        Assert.Equal(4, set.Count);
        Assert.Equal(2, set.Select(one => one.Key).Distinct().Count());
        Assert.All(set, one => Assert.StartsWith("probe:", one.Key, StringComparison.Ordinal));
        Assert.All(set, one => Assert.Equal(TimeSpan.FromSeconds(30), one.Expiry));
    }

    [Fact]
    public async Task A_keyed_cache_is_found_by_its_key()
    {
        byte[]? kept = null;
        Mock<IDistributedCache> cache = new();
        cache.Setup(one => one.SetAsync(It.IsAny<string>(), It.IsAny<byte[]>(), It.IsAny<DistributedCacheEntryOptions>(), It.IsAny<CancellationToken>()))
            .Callback((string _, byte[] value, DistributedCacheEntryOptions _, CancellationToken _) => kept = value)
            .Returns(Task.CompletedTask);
        cache.Setup(one => one.GetAsync(It.IsAny<string>(), It.IsAny<CancellationToken>())).ReturnsAsync(() => kept);
        await using Checked check = Checked.With(checks => checks.AddKeyedDistributedCache("cache", "sessions"), services => services.AddKeyedSingleton("sessions", cache.Object));

        Assert.Equal(HealthStatus.Healthy, (await check.RunAsync()).Status);
    }

    [Fact]
    public void An_expiry_that_is_not_allowed_is_refused_at_once()
    {
        OptionsValidationException refused = Assert.Throws<OptionsValidationException>(() => Checked.With(checks => checks.AddDistributedCache(options => options.Expiry = TimeSpan.Zero)));

        Assert.Equal(["Health check 'cache':Expiry (00:00:00) must be from 00:00:01 to 01:00:00."], refused.Failures);
    }
}
