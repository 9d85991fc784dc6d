using Failover.HealthChecks.Checks;
using Failover.TestServers;
using Failover.TestServers.Servers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace Failover.HealthChecks.Tests.Checks.DistributedCache;

[Collection("Redis")]
public sealed class RedisCacheCheckTests(RedisFixture fixture)
{
    [ServerFact("redis-server")]
    public async Task A_cache_that_keeps_what_was_set_passes_and_nothing_is_left_in_it()
    {
        // Of its own: a run that another test has left behind may still write into the shared one.
        await using RedisServer server = await RedisServer.StartAsync();
        await using Checked check = Over(server);

        HealthCheckResult result = await check.RunAsync();

        Assert.Equal(HealthStatus.Healthy, result.Status);
        Assert.Equal(["getMs", "removeMs", "setMs"], result.Data.Keys.Order());
        Assert.Equal(["shared"], check.Registration.Tags);
        Assert.Equal(0, (long)await CommandAsync(server, "DBSIZE"));
    }

    [ServerFact("redis-server")]
    public async Task A_killed_cache_fails_the_check_and_passes_when_it_is_back()
    {
        RedisServer server = await fixture.ServerAsync();
        await using LiveNode node = LiveNode.With(static checks => checks.AddDistributedCache(), services => Configure(services, server));
        await node.UntilAsync(check => check.Status == HealthStatus.Healthy);

        await server.KillAsync();
        try
        {
            await node.UntilAsync(check => check.Status == HealthStatus.Unhealthy);
        }
        finally
        {
            await server.StartAgainAsync();
        }

        await node.UntilAsync(check => check.Status == HealthStatus.Healthy);
    }

    [ServerFact("redis-server")]
    public async Task A_frozen_cache_fails_the_check_in_its_time_although_its_client_heeds_no_token()
    {
        RedisServer server = await fixture.ServerAsync();
        await using LiveNode node = LiveNode.With(static checks => checks.AddDistributedCache(), services => Configure(services, server));
        await node.UntilAsync(check => check.Status == HealthStatus.Healthy);

        server.Freeze();
        try
        {
            await node.UntilAsync(check => check.Status == HealthStatus.Unhealthy);
            Assert.Equal("timeout", node.Check.Error);
            Assert.False(node.Check.IsStuck);
        }
        finally
        {
            server.Thaw();
        }

        await node.UntilAsync(check => check.Status == HealthStatus.Healthy);
    }

    [ServerFact("redis-server")]
    public async Task A_replica_that_takes_no_writes_fails_the_check()
    {
        RedisServer primary = await fixture.ServerAsync();
        await using RedisServer replica = await RedisServer.StartAsync("--replicaof", $"127.0.0.1 {primary.Port}");
        await using Checked check = Over(replica);

        HealthCheckResult result = await check.RunAsync();

        Assert.Equal(HealthStatus.Unhealthy, result.Status);
        Assert.Equal(CheckStep.Set, result.Data["step"]);
        Assert.Contains("read", result.Exception!.Message, StringComparison.OrdinalIgnoreCase);
    }

    [ServerFact("redis-server")]
    public async Task A_cache_that_is_full_and_may_evict_nothing_fails_the_check()
    {
        await using RedisServer full = await RedisServer.StartAsync("--maxmemory", "1mb", "--maxmemory-policy", "noeviction");
        await using Checked check = Over(full);

        HealthCheckResult result = await check.RunAsync();

        Assert.Equal(HealthStatus.Unhealthy, result.Status);
        Assert.Equal(CheckStep.Set, result.Data["step"]);
        Assert.Contains("OOM", result.Exception!.Message, StringComparison.Ordinal);
    }

    private static Checked Over(RedisServer server) => Checked.With(static checks => checks.AddDistributedCache(), services => Configure(services, server));

    private static void Configure(IServiceCollection services, RedisServer server) => services.AddStackExchangeRedisCache(options => options.Configuration = $"{server.Endpoint},abortConnect=false");

    private static async Task<RedisResult> CommandAsync(RedisServer server, string command)
    {
        await using ConnectionMultiplexer redis = await ConnectionMultiplexer.ConnectAsync(server.Endpoint);
        return await redis.GetDatabase().ExecuteAsync(command);
    }
}
