using Failover.Redis;
using Failover.TestServers.Sentinel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace Failover.Scenarios.Redis.Clients;

/// <summary>A client that can be asked for by name.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsOurs">Whether it is held to the bars.</param>
/// <param name="CreateAsync">Connects one to a set.</param>
internal sealed record RedisClientKind(string Name, bool IsOurs, Func<SentinelSet, Task<RedisClient>> CreateAsync)
{
    internal const string Ours = "ours";
    internal const string OursFast = "ours-fast";
    internal const string Sentinel = "sentinel";

    private const string Group = "cache";

    /// <summary>All of them, ours first.</summary>
    internal static readonly IReadOnlyList<RedisClientKind> All =
    [
        new(Ours, true, static set => FollowAsync(set, RedisPromotion.Majority)),
        new(OursFast, true, static set => FollowAsync(set, RedisPromotion.Fast)),
        new(Sentinel, false, static set => ConnectAsync(set.ConnectionString)),
        new("list", false, static set => ConnectAsync(string.Join(',', set.Nodes.Select(static node => node.Endpoint)))),
    ];

    /// <summary>Whether a name is one of ours.</summary>
    internal static bool IsOneOfOurs(string name) => All.Any(kind => kind.IsOurs && kind.Name == name);

    /// <summary>StackExchange.Redis as it is, but that it may begin without a master.</summary>
    internal static async Task<RedisClient> ConnectAsync(string connectionString)
    {
        ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync($"{connectionString},abortConnect=false");
        return new(connection, connection);
    }

    private static async Task<RedisClient> FollowAsync(SentinelSet set, RedisPromotion promotion)
    {
        ServiceCollection services = new();
        services.AddLogging();
        services.AddFailover().AddRedis(Group, set.ConnectionString, redis => redis.Options(options => options.Promotion = promotion));

        // The set has no fence: with one asked for, health would be degraded before anything happens, and say nothing of what does.
        services.AddHealthChecks().AddRedis(Group, static check => check.RequireMinReplicasToWrite = false);
        ServiceProvider app = services.BuildServiceProvider();
        try
        {
            FailoverRedis redis = app.GetRequiredService<FailoverRedis>();
            return new(await redis.ConnectAsync(CancellationToken.None), app) { Group = redis.Group, Checks = app.GetRequiredService<HealthCheckService>() };
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }
}
