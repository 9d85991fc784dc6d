using Npgsql;

namespace Failover.TestServers.Servers;

/// <summary>A transaction of the app that has written and is busy until it is cut: what a switchover must not wait for.</summary>
public sealed class BusyTransaction : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly CancellationTokenSource _stop = new();

    private BusyTransaction(NpgsqlConnection connection)
    {
        _connection = connection;
        Ended = RunAsync(connection);
    }

    /// <summary>Gets the end: of its statement, with the exception that cut it.</summary>
    public Task<Exception> Ended { get; }

    /// <summary>Begins one on a node that is the primary; its statement runs when this returns.</summary>
    public static async Task<BusyTransaction> BeginAsync(PostgreSqlNode primary)
    {
        ArgumentNullException.ThrowIfNull(primary);
        NpgsqlConnection connection = new($"{primary.ConnectionString};Pooling=false;Command Timeout=0;Application Name=busy");
        try
        {
            await connection.OpenAsync();
            await using NpgsqlCommand write = new("begin; create table busy_work (id int)", connection);
            await write.ExecuteNonQueryAsync();
            return new(connection);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Closes its connection, if it is not cut yet.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Ended;
        await _connection.DisposeAsync();
        _stop.Dispose();
    }

    private async Task<Exception> RunAsync(NpgsqlConnection connection)
    {
        try
        {
            await using NpgsqlCommand busy = new("do $$ begin loop perform pg_sleep(0.01); end loop; end $$", connection);
            await busy.ExecuteNonQueryAsync(_stop.Token);
            throw new InvalidOperationException("An endless loop has ended.");
        }
        catch (Exception exception) when (exception is NpgsqlException or OperationCanceledException)
        {
            return exception;
        }
    }
}
