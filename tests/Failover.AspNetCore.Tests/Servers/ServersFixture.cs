using Failover.TestServers.Servers;

namespace Failover.AspNetCore.Tests.Servers;

/// <summary>One PostgreSQL and one Redis for tests that start nodes as processes of their own, one test after the other: so many processes at once would starve each other. Each is started when a test first asks: where the program is missing they are skipped.</summary>
public sealed class ServersFixture : IAsyncLifetime
{
    private Task<PostgreSqlServer>? _postgreSql;
    private Task<RedisServer>? _redis;

    internal Task<PostgreSqlServer> PostgreSqlAsync() => _postgreSql ??= PostgreSqlServer.StartAsync();

    internal Task<RedisServer> RedisAsync() => _redis ??= RedisServer.StartAsync();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_postgreSql is not null)
        {
            await (await _postgreSql).DisposeAsync();
        }

        if (_redis is not null)
        {
            await (await _redis).DisposeAsync();
        }
    }
}

[CollectionDefinition("Servers")]
public sealed class ServersTests : ICollectionFixture<ServersFixture>;
