using System.Reflection;
using Failover.PostgreSql.Cutting;
using Failover.TestServers.Servers;
using Npgsql;

namespace Failover.PostgreSql.Tests.Cutting;

/// <summary>One server for all tests of this folder: it takes connections with TLS and without, and logs each that reaches it. Tests freeze it, so they run one after the other.</summary>
public sealed class CuttingServer : IAsyncLifetime
{
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private PostgreSqlServer? _server;

    internal PostgreSqlServer Server => _server!;

    // Without a server only tests that need none run.
    public async Task InitializeAsync()
    {
        if (TestServers.RequiredServer.Find("postgres") is null)
        {
            return;
        }

        _server = await PostgreSqlServer.StartAsync();
        await using NpgsqlDataSource admin = NpgsqlDataSource.Create(ConnectionString());
        (string certificate, string key) = ServerCertificate.New();
        foreach (string command in (string[])[SaveAs("server.crt", certificate), SaveAs("server.key", key), "ALTER SYSTEM SET ssl = on", "ALTER SYSTEM SET log_connections = on", "CREATE TABLE rows (i int, s text)", "SELECT pg_reload_conf()"])
        {
            await using NpgsqlCommand run = admin.CreateCommand(command);
            await run.ExecuteNonQueryAsync();
        }

        await Until(async () =>
        {
            admin.Clear();
            await using NpgsqlCommand show = admin.CreateCommand("SHOW ssl");
            return await show.ExecuteScalarAsync() is "on";
        });
    }

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    /// <summary>Timeout=0: an open waits for ever, and so would the second connection that Npgsql opens to cancel a command.</summary>
    internal string ConnectionString(bool tls = false, string more = "") =>
        $"{Server.ConnectionString};GSS Encryption Mode=Disable;Timeout=0;Command Timeout=0;SSL Mode={(tls ? "Require" : "Disable")};{more}";

    internal Node NewNode(bool tls = false, string more = "", CutSettings? settings = null, string? missing = null, TimeProvider? time = null)
    {
        Witness witness = new();
        NodeConnections connections = missing is null
            ? new("pg-a", time ?? TimeProvider.System, settings ?? new(), witness)
            : new("pg-a", time ?? TimeProvider.System, settings ?? new(), witness, missing);
        NpgsqlDataSourceBuilder builder = new(ConnectionString(tls, more));
        connections.Attach(builder);
        NpgsqlDataSource source = builder.Build();
        connections.Own(source);
        return new(connections, source, witness);
    }

    /// <summary>How many connections the server was asked for since it started; cancel requests among them.</summary>
    internal async Task<int> ConnectionsSeenAsync()
    {
        // One more, to know that what came before it has been logged.
        string name = Guid.NewGuid().ToString("N");
        await using NpgsqlDataSource last = NpgsqlDataSource.Create(ConnectionString(more: $"Pooling=false;Application Name={name}"));
        await using (await last.OpenConnectionAsync())
        {
            await Until(() => Task.FromResult(Log().Contains(name, StringComparison.Ordinal)));
        }

        return Log().Split("connection received").Length - 2;
    }

    /// <summary>Waits until a session is at work on a statement: a cancel request that comes before finds nothing.</summary>
    internal async Task RunsAsync(int processId, string sql)
    {
        await using NpgsqlDataSource look = NpgsqlDataSource.Create(ConnectionString());
        await using NpgsqlConnection connection = await look.OpenConnectionAsync();
        await using NpgsqlCommand running = new($"SELECT query FROM pg_stat_activity WHERE pid = {processId} AND state = 'active'", connection);
        await Until(async () => await running.ExecuteScalarAsync() is string query && query == sql);
    }

    internal static async Task Until(Func<Task<bool>> condition)
    {
        using CancellationTokenSource limit = new(Limit);
        using PeriodicTimer look = new(TimeSpan.FromMilliseconds(10));
        while (!await condition())
        {
            await look.WaitForNextTickAsync(limit.Token);
        }
    }

    internal static Task Until(Func<bool> condition) => Until(() => Task.FromResult(condition()));

    private string Log()
    {
        using StreamReader reader = new(new FileStream(Path.Combine(Server.Folder, "server-1.log"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }

    // Written by the server itself, so that it is its own.
    private static string SaveAs(string file, string pem) =>
        $"COPY (SELECT unnest(string_to_array('{pem}', E'\n'))) TO PROGRAM 'umask 077 && cat > {file}'";
}

/// <summary>A data source whose connections can be cut.</summary>
internal sealed record Node(NodeConnections Connections, NpgsqlDataSource Source, Witness Witness) : IAsyncDisposable
{
    private static readonly PropertyInfo Statistics = typeof(NpgsqlDataSource).GetProperty("Statistics", BindingFlags.NonPublic | BindingFlags.Instance)!;

    /// <summary>Total, idle, busy.</summary>
    internal (int Total, int Idle, int Busy) Pool => ((int, int, int))Statistics.GetValue(Source)!;

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        Connections.Dispose();
    }
}

/// <summary>What was told of a node.</summary>
internal sealed class Witness : INodeWitness
{
    private int _lost;

    internal int Lost => Volatile.Read(ref _lost);

    internal System.Collections.Concurrent.ConcurrentQueue<(string State, bool IsFatal)> Errors { get; } = new();

    public void ConnectionLost() => Interlocked.Increment(ref _lost);

    public void ServerError(string sqlState, bool isFatal) => Errors.Enqueue((sqlState, isFatal));
}

[CollectionDefinition(Name)]
public sealed class CuttingTests : ICollectionFixture<CuttingServer>
{
    internal const string Name = "cutting";
}
