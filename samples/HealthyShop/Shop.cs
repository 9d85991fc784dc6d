using System.Net;
using HealthyShop.Parts;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace HealthyShop;

/// <summary>A shop that stands on a database, a cache and a disk, and says how it is.</summary>
internal static class Shop
{
    internal static WebApplication Build(ShopParts parts, bool logs)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders().AddFilter("Microsoft", LogLevel.Warning);
        if (logs)
        {
            builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        }

        builder.WebHost.ConfigureKestrel(kestrel => Array.ForEach([parts.Port, parts.OperatorsPort], port => kestrel.Listen(IPAddress.Loopback, port)));
        builder.Configuration.AddInMemoryCollection(Settings(parts));

        Failover.IFailoverBuilder failover = builder.Services.AddFailover(builder.Configuration.GetSection("Failover")).AddHealthEndpoints();
        IHealthChecksBuilder checks = builder.Services.AddHealthChecks();
        if (parts.PostgreSql is { } postgreSql)
        {
            failover.AddPostgreSql("orders", postgreSql.ConnectionString);
            checks.AddPostgreSql("orders", static options => options.SwitchingGrace = TimeSpan.Zero);   // critical, shared: every node uses it; and there is no other server to wait for
        }

        if (parts.Redis is { } redis)
        {
            builder.Services.AddStackExchangeRedisCache(options => options.ConfigurationOptions = new ConfigurationOptions
            {
                EndPoints = { redis.Endpoint },
                AbortOnConnectFail = false,
                BacklogPolicy = BacklogPolicy.FailFast,                                             // without a connection: an error at once, not 5 seconds later
                ReconnectRetryPolicy = new LinearRetry(500),
            });
            checks.AddDistributedCache("cache", static _ => { }, HealthStatus.Degraded, tags: []);  // degrading: slower without it, and open
        }

        checks.AddDiskSpace("spool", parts.Disk.Folder, options => (options.MinimumFreeBytes, options.MinimumFreePercent, options.DegradedFreePercent) = (parts.Disk.MinimumFreeBytes, 0, 0));   // critical, local: this node's own

        WebApplication app = builder.Build();
        app.MapFailoverHealth("/health");
        app.MapGet("/", () => "The shop is open.\n");
        return app;
    }

    private static Dictionary<string, string?> Settings(ShopParts parts) => new()
    {
        // Shortened, so that nobody has to wait: the defaults are 10 s, 2 s and 2 s.
        ["Failover:Health:Period"] = "00:00:01",
        ["Failover:Health:FailurePeriod"] = "00:00:00.300",
        ["Failover:Health:Timeout"] = "00:00:01",
        ["Failover:Draining:File"] = parts.DrainFile,
        ["Failover:Draining:FilePeriod"] = "00:00:00.200",
        ["Failover:HealthEndpoints:ManagementPort"] = $"{parts.OperatorsPort}",
    };
}
