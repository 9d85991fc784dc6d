using Failover.Redis.Tests.Sentinel;
using Failover.TestServers;
using Failover.TestServers.Sentinel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace Failover.Redis.Tests.Docs;

/// <summary>What docs/redis.md shows, run.</summary>
[Collection(OnOtherSentinels.Name)]
public sealed class RedisPageTests(SharedSentinels shared)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [ServerFact("redis-server")]
    public async Task A_multiplexer_is_registered_and_used()
    {
        SentinelSet set = await shared.HealthyAsync();
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        string connectionString = set.ConnectionString;
        #region docs:register
        builder.Services.AddFailover(builder.Configuration.GetSection("Failover"))
            .AddRedis("cache", connectionString);             // sentinel-a,sentinel-b,sentinel-c,serviceName=mymaster
        builder.Services.AddHealthChecks().AddRedis("cache");
        builder.Services.AddSingleton<Carts>();
        #endregion
        using IHost host = builder.Build();
        await host.StartAsync().WaitAsync(Limit);
        Carts carts = host.Services.GetRequiredService<Carts>();

        await carts.PutAsync("anna", "apples").WaitAsync(Limit);
        Assert.Equal("apples", await carts.GetAsync("anna").WaitAsync(Limit));
        Assert.Equal("counted", await carts.CountAsync("anna", default).WaitAsync(Limit));
        HealthReport report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync().WaitAsync(Limit);
        Assert.NotEqual(HealthStatus.Unhealthy, report.Entries["cache"].Status);
        await host.StopAsync().WaitAsync(Limit);
    }

    #region docs:use
    private sealed class Carts(IConnectionMultiplexer redis, FailoverRedis failover)
    {
        private readonly IDatabase _database = redis.GetDatabase();       // kept for ever: it follows

        public Task<bool> PutAsync(string customer, string item) => _database.StringSetAsync($"cart:{customer}", item);

        public async Task<string?> GetAsync(string customer) => await _database.StringGetAsync($"cart:{customer}");

        public async Task<string> CountAsync(string customer, CancellationToken cancellationToken)
        {
            try
            {
                await failover.ExecuteAsync((database, _) => database.StringIncrementAsync($"visits:{customer}"), cancellationToken);
                return "counted";
            }
            catch (RedisOutcomeUnknownException)
            {
                return "perhaps counted: to count again might count twice";
            }
        }
    }
    #endregion
}
