using Failover.TestServers.Servers;

namespace Failover.PostgreSql.Tests;

/// <summary>One real server for the tests of a class, started when the first asks for it.</summary>
public sealed class OneServer : IAsyncLifetime
{
    private PostgreSqlServer? _server;

    public async Task<PostgreSqlServer> StartedAsync() => _server ??= await PostgreSqlServer.StartAsync();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
