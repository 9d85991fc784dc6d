using System.Diagnostics;
using Failover.TestServers.Patroni;
using Npgsql;

namespace Failover.PostgreSql.Tests.Lag;

/// <summary>Writes a row each few milliseconds and remembers when, by this process's own clock: what a standby lacks tells how far it is behind.</summary>
internal sealed class Rows : IAsyncDisposable
{
    private readonly FailoverDataSource _db;
    private readonly Lock _gate = new();
    private readonly List<long> _written = [];
    private readonly CancellationTokenSource _over = new();
    private Task _writing = Task.CompletedTask;

    private Rows(FailoverDataSource db) => _db = db;

    internal int Written
    {
        get
        {
            lock (_gate)
            {
                return _written.Count;
            }
        }
    }

    internal static async Task<Rows> StartAsync(FailoverDataSource db)
    {
        Rows rows = new(db);
        await rows.ExecuteAsync("drop table if exists rows_written; create table rows_written (id int)");
        rows._writing = rows.WriteAsync();
        return rows;
    }

    /// <summary>Tells whether a standby has come to where the table is made.</summary>
    internal static async Task<bool> IsOnAsync(PatroniNode standby)
    {
        await using NpgsqlConnection connection = new(standby.SuperuserConnectionString);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new("select to_regclass('rows_written') is not null and exists (select from pg_tables where tablename = 'rows_written')", connection);
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Asks a standby which rows it has, and tells since when the first one that it lacks is committed.</summary>
    /// <returns>How long that is, and how long it took to find out.</returns>
    internal async Task<(TimeSpan Truth, TimeSpan Tolerance)> MissedByAsync(PatroniNode standby)
    {
        long asked = Stopwatch.GetTimestamp();
        await using NpgsqlConnection connection = new(standby.SuperuserConnectionString);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new("select coalesce(max(id), -1) from rows_written", connection);
        int has = (int)(await command.ExecuteScalarAsync())!;
        long now = Stopwatch.GetTimestamp();
        lock (_gate)
        {
            return (has + 1 < _written.Count ? Stopwatch.GetElapsedTime(_written[has + 1], now) : TimeSpan.Zero, Stopwatch.GetElapsedTime(asked, now));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _over.Dispose();
    }

    private async Task WriteAsync()
    {
        using PeriodicTimer pace = new(TimeSpan.FromMilliseconds(10));
        for (int id = 0; await pace.WaitForNextTickAsync(_over.Token); id++)
        {
            await ExecuteAsync($"insert into rows_written values ({id})");
            lock (_gate)
            {
                _written.Add(Stopwatch.GetTimestamp());
            }
        }
    }

    private async Task ExecuteAsync(string sql)
    {
        await using NpgsqlConnection connection = await _db.OpenConnectionAsync();
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
