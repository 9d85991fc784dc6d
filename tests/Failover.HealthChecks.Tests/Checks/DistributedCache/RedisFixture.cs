using Failover.TestServers.Servers;

namespace Failover.HealthChecks.Tests.Checks.DistributedCache;

/// <summary>One Redis server for the tests of a collection. Started when a test first asks: where the program is missing they are skipped.</summary>
public sealed class RedisFixture : IAsyncLifetime
{
    private Task<RedisServer>? _server;

    internal Task<RedisServer> ServerAsync() => _server ??= RedisServer.StartAsync();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await (await _server).DisposeAsync();
        }
    }
}

[CollectionDefinition("Redis")]
public sealed class RedisTests : ICollectionFixture<RedisFixture>;
