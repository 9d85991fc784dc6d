using Failover.PostgreSql;
using Failover.TestServers.Servers;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Failover.EntityFrameworkCore.Tests.Shop;

/// <summary>The tests that need no failover share one server.</summary>
[CollectionDefinition(Name)]
public sealed class OnOneServer : ICollectionFixture<OneServer>
{
    internal const string Name = "one server";
}

/// <summary>One server with the shop's tables, and a data source that takes it for its cluster.</summary>
public sealed class OneServer : IAsyncLifetime
{
    private PostgreSqlServer? _server;
    private FailoverDataSource? _db;
    private NpgsqlDataSource? _aside;

    public FailoverDataSource Db => _db!;

    public string ConnectionString => _server!.ConnectionString;

    public ShopContext Context(Action<DbContextOptionsBuilder>? configure = null, FailoverContextOptions? failover = null)
    {
        DbContextOptionsBuilder<ShopContext> options = new();
        options.UseFailover(Db, failover ?? new FailoverContextOptions(), static _ => { });
        configure?.Invoke(options);
        return new ShopContext(options.Options);
    }

    /// <summary>Runs SQL on a connection beside the data source.</summary>
    public async Task<T> AsideAsync<T>(string sql)
    {
        await using NpgsqlCommand command = _aside!.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task AsideAsync(string sql)
    {
        await using NpgsqlCommand command = _aside!.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public ValueTask<NpgsqlConnection> OpenAsideAsync() => _aside!.OpenConnectionAsync();

    public async Task InitializeAsync()
    {
        if (FindServer.Exists("postgres"))
        {
            _server = await PostgreSqlServer.StartAsync();
            _aside = NpgsqlDataSource.Create(_server.ConnectionString);
            _db = new FailoverDataSourceBuilder("shop", _server.ConnectionString).Build();
            await using ShopContext context = Context();
            await context.Database.EnsureCreatedAsync();
        }
    }

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await _db!.DisposeAsync();
            await _aside!.DisposeAsync();
            await _server.DisposeAsync();
        }
    }
}
