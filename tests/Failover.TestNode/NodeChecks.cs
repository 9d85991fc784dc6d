using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Failover.TestNode;

/// <summary>The checks of the node, one for each argument that names what it is to look at.</summary>
internal static class NodeChecks
{
    internal static void Add(WebApplicationBuilder builder)
    {
        ConfigurationManager configuration = builder.Configuration;
        IHealthChecksBuilder checks = builder.Services.AddHealthChecks();
        if (configuration["database"] is { } database)
        {
            checks.AddDatabase("db", NpgsqlDataSource.Create(database));
        }

        if (configuration["redis"] is { } redis)
        {
            builder.Services.AddStackExchangeRedisCache(options => options.Configuration = redis);
            checks.AddDistributedCache("cache", static _ => { }, HealthStatus.Degraded, ["shared"]);
        }

        if (configuration["disk"] is { } disk)
        {
            checks.AddDiskSpace("disk", disk, options => (options.Write, options.MinimumFreePercent, options.DegradedFreePercent) = (true, 0, 0));
        }

        if (configuration["license"] is { } license)
        {
            checks.AddCheck("license", () => File.Exists(license) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy(), ["local"]);
        }

        if (configuration["threads"] is not null)
        {
            checks.AddThreadPool();
        }

        if (configuration["careless"] is { } secret)
        {
            CarelessChecks.Add(checks, secret, configuration["careless-database"]!, configuration["careless-redis"]!);
        }
    }
}
