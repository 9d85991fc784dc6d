using System.Data;
using Npgsql;

namespace Failover.PostgreSql.Tests.Cutting;

/// <summary>The kinds of call that wait for a server.</summary>
public enum Blocked
{
    Execute,
    ExecuteSync,
    Read,
    Commit,
    Copy,
    Notification,
}

/// <summary>A call on a connection: all but the last step before the server is frozen, the last one on it.</summary>
internal static class BlockedCall
{
    internal static TheoryData<Blocked, bool> WithTlsAndWithout(IEnumerable<Blocked> kinds)
    {
        TheoryData<Blocked, bool> all = [];
        foreach (Blocked kind in kinds)
        {
            all.Add(kind, false);
            all.Add(kind, true);
        }

        return all;
    }

    internal static async Task<Func<CancellationToken, Task>> PrepareAsync(Blocked kind, NpgsqlConnection connection)
    {
        switch (kind)
        {
            case Blocked.Execute:
                return token => RunAsync(connection, "SELECT 1", token);
            case Blocked.ExecuteSync:
                return _ => Task.Factory.StartNew(
                    () =>
                    {
                        using NpgsqlCommand command = new("SELECT 1", connection);
                        command.ExecuteNonQuery();
                    },
                    TaskCreationOptions.LongRunning);
            case Blocked.Read:
                NpgsqlCommand many = new("SELECT i, repeat('x', 20000) FROM generate_series(1, 1000000) i", connection);
                NpgsqlDataReader reader = await many.ExecuteReaderAsync(CommandBehavior.SequentialAccess);
                return async token =>
                {
                    while (await reader.ReadAsync(token))
                    {
                    }
                };
            case Blocked.Commit:
                NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
                await RunAsync(connection, "INSERT INTO rows VALUES (1)", default);
                return transaction.CommitAsync;
            case Blocked.Copy:
                NpgsqlBinaryImporter importer = await connection.BeginBinaryImportAsync("COPY rows FROM STDIN BINARY");
                string text = new('x', 30000);
                return async token =>
                {
                    while (true)
                    {
                        await importer.StartRowAsync(token);
                        await importer.WriteAsync(1, token);
                        await importer.WriteAsync(text, token);
                    }
                };
            default:
                return connection.WaitAsync;
        }
    }

    internal static async Task<int> RunAsync(NpgsqlConnection connection, string sql, CancellationToken token)
    {
        await using NpgsqlCommand command = new(sql, connection);
        return await command.ExecuteNonQueryAsync(token);
    }

    /// <summary>Waits until the call has nothing more to do: it wrote all that it can.</summary>
    internal static async Task WaitsAsync(Func<long> mark, Task call)
    {
        long last = -1;
        int still = 0;
        await CuttingServer.Until(() =>
        {
            still = mark() == last ? still + 1 : 0;
            last = mark();
            return still == 20 || call.IsCompleted;
        });
        Assert.False(call.IsCompleted, $"The call did not wait for the server: {call.Exception}");
    }

    internal static async Task<Exception> FailureAsync(Task call)
    {
        Exception? failure = await Record.ExceptionAsync(() => call.WaitAsync(CuttingServer.Limit));
        Assert.True(call.IsCompleted, "The call still waits for the server.");
        Assert.NotNull(failure);
        return failure;
    }
}
