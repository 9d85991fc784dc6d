using Failover.TestServers.Servers;

namespace Failover.HealthChecks.Tests.Checks.Database;

/// <summary>One PostgreSQL server for the tests of a collection. Started when a test first asks: where the program is missing they are skipped.</summary>
public sealed class PostgreSqlFixture : IAsyncLifetime
{
    private Task<PostgreSqlServer>? _server;

    internal Task<PostgreSqlServer> ServerAsync() => _server ??= PostgreSqlServer.StartAsync();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await (await _server).DisposeAsync();
        }
    }
}

[CollectionDefinition("PostgreSQL")]
public sealed class PostgreSqlTests : ICollectionFixture<PostgreSqlFixture>;
