using System.Diagnostics;
using Failover.PostgreSql;
using Failover.TestServers.Servers;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Failover.EntityFrameworkCore.Tests.Shop;

/// <summary>One server with the shop's tables, and a data source that takes it for its cluster. Started when the first test asks for it.</summary>
public sealed class OneServer : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private PostgreSqlServer? _server;
    private FailoverDataSource? _db;
    private NpgsqlDataSource? _aside;

    public FailoverDataSource Db => _db!;

    public string ConnectionString => _server!.ConnectionString;

    public async Task<OneServer> ReadyAsync()
    {
        if (_server is null)
        {
            _server = await PostgreSqlServer.StartAsync();
            _aside = NpgsqlDataSource.Create(_server.ConnectionString);
            _db = new FailoverDataSourceBuilder("shop", _server.ConnectionString).Build();
            await using ShopContext context = Context();
            await context.Database.EnsureCreatedAsync();
        }

        return this;
    }

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

    /// <inheritdoc cref="AsideAsync{T}"/>
    public async Task AsideAsync(string sql)
    {
        await using NpgsqlCommand command = _aside!.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public Task<long> CountAsync(string item) => AsideAsync<long>($"select count(*) from \"Orders\" where \"Item\" = '{item}'");

    /// <summary>Makes all who write orders wait; who reads them, too, if asked.</summary>
    /// <returns>What ends it when it is disposed of.</returns>
    public async Task<NpgsqlConnection> HoldOrdersAsync(bool readersToo = false)
    {
        NpgsqlConnection holder = await OpenHolderAsync();
        await using NpgsqlCommand command = new($"begin; lock table \"Orders\" in {(readersToo ? "access exclusive" : "share")} mode", holder);
        await command.ExecuteNonQueryAsync();
        return holder;
    }

    /// <summary>Lets each commit of an order wait for advisory lock 1, which the one who holds it gives back when it is disposed of.</summary>
    public async Task<NpgsqlConnection> HoldCommitsAsync()
    {
        await AsideAsync(HeldCommits.Sql);
        NpgsqlConnection holder = await OpenHolderAsync();
        await using NpgsqlCommand command = new("select pg_advisory_lock(1)", holder);
        await command.ExecuteNonQueryAsync();
        return holder;
    }

    /// <summary>Waits until a session waits for a lock.</summary>
    /// <returns>Its process.</returns>
    public async Task<int> WaitForBlockedAsync() => await UntilAsync(async () => await AsideAsync<int>("select coalesce(max(pid), 0) from pg_stat_activity where wait_event_type = 'Lock'") is > 0 and var pid ? pid : (int?)null);

    /// <summary>Waits until a session whose client has gone has done what it was at, and ended.</summary>
    public async Task WaitForEndAsync(int process) => await UntilAsync(async () => await AsideAsync<long>($"select count(*) from pg_stat_activity where pid = {process}") == 0 ? 1 : (int?)null);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await _db!.DisposeAsync();
            await _aside!.DisposeAsync();
            await _server.DisposeAsync();
        }
    }

    // Without a pool: a session that is put back keeps its locks.
    private async Task<NpgsqlConnection> OpenHolderAsync()
    {
        NpgsqlConnection holder = new($"{ConnectionString};Pooling=false");
        await holder.OpenAsync();
        return holder;
    }

    private static async Task<int> UntilAsync(Func<Task<int?>> look)
    {
        for (long began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < Limit;)
        {
            if (await look() is { } found)
            {
                return found;
            }
        }

        throw new TimeoutException("It did not come.");
    }
}
