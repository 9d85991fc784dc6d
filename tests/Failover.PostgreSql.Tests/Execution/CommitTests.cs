using Failover.TestServers;
using Failover.TestServers.Servers;
using Npgsql;

namespace Failover.PostgreSql.Tests.Execution;

/// <summary>Work that commits in ways of its own on a real server, and fails after that or meanwhile: it must never be told that nothing was committed, and never be done again.</summary>
public sealed class CommitTests(OneServer one) : IClassFixture<OneServer>, IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly ExecuteOptions Repeatable = new() { IsRepeatable = true };
    // Long enough for work to get as far as its commit on a busy machine.
    private static readonly ExecuteOptions FewSeconds = new() { Timeout = TimeSpan.FromSeconds(3) };
    private static readonly ExecuteOptions OneSecond = new() { Timeout = TimeSpan.FromSeconds(1) };

    private PostgreSqlServer _server = null!;
    private FailoverDataSource _source = null!;

    public async Task InitializeAsync()
    {
        if (RequiredServer.Find("postgres") is not null)
        {
            _server = await one.StartedAsync();
            _source = new FailoverDataSourceBuilder("db", _server.ConnectionString).Build();
            await _source.ExecuteAsync(
                (connection, token) => RunAsync(
                    connection,
                    """
                    DROP TABLE IF EXISTS rows;
                    CREATE TABLE rows (id serial);
                    CREATE OR REPLACE PROCEDURE add_and_wait() LANGUAGE plpgsql AS 'BEGIN INSERT INTO rows DEFAULT VALUES; COMMIT; PERFORM pg_sleep(60); END'
                    """,
                    token),
                default).WaitAsync(Limit);
        }
    }

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            // A test that failed while it was frozen is one failure, not many.
            _server.Thaw();
            await _source.DisposeAsync();
        }
    }

    [ServerTheory("postgres", "setpriv")]
    [InlineData("BEGIN; INSERT INTO rows DEFAULT VALUES; COMMIT; SELECT pg_sleep(60)")]
    [InlineData("/* a */ CALL add_and_wait()")]
    [InlineData("DO 'BEGIN INSERT INTO rows DEFAULT VALUES; COMMIT; PERFORM pg_sleep(60); END'")]
    [InlineData("SET default_transaction_read_only = off; CALL add_and_wait()")]
    public async Task What_was_committed_in_the_middle_of_a_text_stays_though_the_server_cancels_the_rest(string text)
    {
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => _source.ExecuteAsync((connection, token) => RunAsync(connection, text, token), FewSeconds, default).WaitAsync(Limit));
        Assert.Equal(1, await CountAsync());
    }

    [ServerTheory("postgres", "setpriv")]
    [InlineData("COMMIT", false)]
    [InlineData("  -- done\n /* all /* of */ it */ commit", false)]
    [InlineData("END", false)]
    [InlineData("INSERT INTO rows DEFAULT VALUES; COMMIT", false)]
    [InlineData("COMMIT", true)]
    public async Task A_commit_that_is_sent_as_a_command_and_lost_may_have_been_done(string text, bool isPrepared)
    {
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => _source.ExecuteAsync(
            async (connection, token) =>
            {
                await using NpgsqlCommand command = new(text, connection);
                if (isPrepared)
                {
                    await command.PrepareAsync(token);
                }

                await RunAsync(connection, "BEGIN", token);
                await RunAsync(connection, "INSERT INTO rows DEFAULT VALUES", token);
                _server.Freeze();
                await command.ExecuteNonQueryAsync(token);
            },
            FewSeconds,
            default).WaitAsync(Limit));

        _server.Thaw();
        using CancellationTokenSource end = new(Limit);
        while (await CountAsync() == 0)
        {
            end.Token.ThrowIfCancellationRequested();
        }
    }

    [ServerFact("postgres", "setpriv")]
    public async Task Work_within_work_that_was_not_executed_says_nothing_of_what_is_around_it()
    {
        int calls = 0;
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => _source.ExecuteAsync(
            async (connection, token) =>
            {
                calls++;
                await RunAsync(connection, "INSERT INTO rows DEFAULT VALUES", token);
                await _source.ExecuteAsync(
                    async (inner, innerToken) =>
                    {
                        await RunAsync(inner, "SET default_transaction_read_only = on", innerToken);
                        await RunAsync(inner, "INSERT INTO rows DEFAULT VALUES", innerToken);
                    },
                    token);
            },
            Repeatable,
            default).WaitAsync(Limit));

        Assert.Equal((1, 1), (calls, await CountAsync()));
    }

    [ServerFact("postgres", "setpriv")]
    public async Task A_transaction_that_has_failed_is_not_told_to_be_committed_though_the_work_has_kept_that_to_itself()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => _source.ExecuteTransactionAsync(
            async (connection, _, token) =>
            {
                await RunAsync(connection, "INSERT INTO rows DEFAULT VALUES", token);
                await Assert.ThrowsAsync<PostgresException>(() => RunAsync(connection, "SELECT 1/0", token));
            },
            Repeatable,
            default).WaitAsync(Limit));

        Assert.Equal(0, await CountAsync());
    }

    [ServerFact("postgres", "setpriv")]
    public async Task A_transaction_whose_time_is_up_before_its_commit_is_not_committed()
    {
        await Assert.ThrowsAsync<NotExecutedException>(() => _source.ExecuteTransactionAsync(
            async (connection, _, token) =>
            {
                await RunAsync(connection, "INSERT INTO rows DEFAULT VALUES", token);
                TaskCompletionSource over = new();
                await using CancellationTokenRegistration registration = token.Register(over.SetResult);
                await over.Task;
            },
            OneSecond,
            default).WaitAsync(Limit));

        Assert.Equal(0, await CountAsync());
    }

    [ServerFact("postgres", "setpriv")]
    public async Task What_went_over_a_connection_that_the_work_has_opened_again_is_not_known()
    {
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => _source.ExecuteAsync(
            async (connection, token) =>
            {
                await connection.CloseAsync();
                await using NpgsqlConnection other = await _source.OpenConnectionAsync(token);
                await connection.OpenAsync(token);
                await RunAsync(connection, "INSERT INTO rows DEFAULT VALUES", token);
                await RunAsync(other, $"SELECT pg_terminate_backend({connection.ProcessID}, 30000)", token);
                await RunAsync(connection, "INSERT INTO rows DEFAULT VALUES", token);
            },
            Repeatable,
            default).WaitAsync(Limit));

        Assert.Equal(1, await CountAsync());
    }

    [ServerFact("postgres", "setpriv")]
    public async Task Work_that_leaves_its_transaction_or_its_copy_or_its_connection_behind_costs_nobody_else_anything()
    {
        await using FailoverDataSource source = new FailoverDataSourceBuilder("one", _server.ConnectionString + ";Maximum Pool Size=1").Build();
        await source.ExecuteAsync((connection, token) => RunAsync(connection, "BEGIN; INSERT INTO rows DEFAULT VALUES", token), default).WaitAsync(Limit);
        await source.ExecuteAsync(async (connection, token) => await connection.BeginTextImportAsync("COPY rows FROM STDIN", token), default).WaitAsync(Limit);
        await source.ExecuteAsync(async (connection, _) => await connection.DisposeAsync(), default).WaitAsync(Limit);
        await Assert.ThrowsAsync<InvalidOperationException>(() => source.ExecuteAsync((_, _) => throw new InvalidOperationException("at once"), default).WaitAsync(Limit));
        Assert.Equal(1, await source.ExecuteAsync(async (connection, token) => (int)(await new NpgsqlCommand("SELECT 1", connection).ExecuteScalarAsync(token))!, default).WaitAsync(Limit));
        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task Who_waits_for_a_primary_when_the_data_source_ends_waits_no_longer()
    {
        FailoverDataSource source = new FailoverDataSourceBuilder("none", "Host=127.0.0.1;Port=1;Username=nobody") { Options = { MaxWait = TimeSpan.FromHours(1) } }.Build();
        Task waiting = source.OpenConnectionAsync().AsTask();
        Assert.False(waiting.IsCompleted);

        await source.DisposeAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => waiting.WaitAsync(Limit));
        Assert.True(waiting.IsFaulted);
    }

    /// <summary>Counts the rows as an app would: over the pool to which the connection of the work has gone back.</summary>
    private async Task<long> CountAsync() => await _source.ExecuteAsync(async (connection, token) => (long)(await new NpgsqlCommand("SELECT count(*) FROM rows", connection).ExecuteScalarAsync(token))!, Repeatable, default).WaitAsync(Limit);

    private static async Task RunAsync(NpgsqlConnection connection, string statement, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new(statement, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
