using Failover.TestServers;
using Failover.TestServers.Servers;
using Npgsql;

namespace Failover.PostgreSql.Tests.Execution;

/// <summary>Work that is done on a real server which refuses, breaks off and freezes at the worst moments: what the caller is told is what became of it.</summary>
public sealed class ExecuteTests(OneServer one) : IClassFixture<OneServer>, IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly ExecuteOptions Repeatable = new() { IsRepeatable = true };
    private static readonly ExecuteOptions OneSecond = new() { Timeout = TimeSpan.FromSeconds(1) };

    private PostgreSqlServer _server = null!;
    private FailoverDataSource _source = null!;

    public async Task InitializeAsync()
    {
        if (RequiredServer.Find("postgres") is not null)
        {
            _server = await one.StartedAsync();
            _source = new FailoverDataSourceBuilder("db", _server.ConnectionString).Build();
            await _source.ExecuteAsync((connection, token) => RunAsync(connection, "DROP TABLE IF EXISTS rows; CREATE TABLE rows (id int PRIMARY KEY)", token), default).WaitAsync(Limit);
        }
    }

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await _source.DisposeAsync();
        }
    }

    [ServerFact("postgres", "setpriv")]
    public async Task Work_gives_back_what_it_found_and_what_the_server_refuses_for_reasons_of_its_own_comes_through()
    {
        Assert.Equal(7, await _source.ExecuteAsync(async (connection, token) => (int)(await new NpgsqlCommand("SELECT 7", connection).ExecuteScalarAsync(token))!, default).WaitAsync(Limit));
        await InsertAsync(1);

        PostgresException refused = await Assert.ThrowsAsync<PostgresException>(() => InsertAsync(1));
        Assert.Equal(PostgresErrorCodes.UniqueViolation, refused.SqlState);
        await Assert.ThrowsAsync<InvalidOperationException>(() => _source.ExecuteAsync((_, _) => throw new InvalidOperationException("mine"), Repeatable, default).WaitAsync(Limit));
    }

    [ServerFact("postgres", "setpriv")]
    public async Task A_transaction_that_loses_its_connection_before_its_commit_is_done_again_where_that_is_allowed()
    {
        int calls = 0;
        await _source.ExecuteTransactionAsync(
            async (connection, _, token) =>
            {
                await RunAsync(connection, "INSERT INTO rows VALUES (1)", token);
                if (++calls == 1)
                {
                    await EndSessionAsync(connection);
                    await RunAsync(connection, "INSERT INTO rows VALUES (2)", token);
                }
            },
            Repeatable,
            default).WaitAsync(Limit);

        Assert.Equal((2, 1), (calls, await CountAsync()));
    }

    [ServerFact("postgres", "setpriv")]
    public async Task Where_it_is_not_allowed_the_caller_is_told_that_nothing_was_done()
    {
        int calls = 0;
        await Assert.ThrowsAsync<NotExecutedException>(() => _source.ExecuteTransactionAsync(
            async (connection, _, token) =>
            {
                calls++;
                await RunAsync(connection, "INSERT INTO rows VALUES (1)", token);
                await EndSessionAsync(connection);
                await RunAsync(connection, "INSERT INTO rows VALUES (2)", token);
            },
            new ExecuteOptions(),
            default).WaitAsync(Limit));

        Assert.Equal((1, 0), (calls, await CountAsync()));
    }

    [ServerFact("postgres", "setpriv")]
    public async Task Work_of_which_a_part_may_be_in_force_is_not_done_again_though_it_may_be_repeated()
    {
        int calls = 0;
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => _source.ExecuteAsync(
            async (connection, token) =>
            {
                calls++;
                await RunAsync(connection, "INSERT INTO rows VALUES (1)", token);
                await EndSessionAsync(connection);
                await RunAsync(connection, "INSERT INTO rows VALUES (2)", token);
            },
            Repeatable,
            default).WaitAsync(Limit));

        Assert.Equal((1, 1), (calls, await CountAsync()));
    }

    [ServerFact("postgres", "setpriv")]
    public async Task A_command_that_is_too_slow_for_its_own_limit_is_not_done_again_and_a_token_that_was_cancelled_before_lets_nothing_begin()
    {
        int calls = 0;
        NotExecutedException told = await Assert.ThrowsAsync<NotExecutedException>(() => _source.ExecuteAsync(
            async (connection, token) =>
            {
                calls++;
                await using NpgsqlCommand command = new("SELECT pg_sleep(60)", connection) { CommandTimeout = 1 };
                await command.ExecuteNonQueryAsync(token);
            },
            Repeatable,
            default).WaitAsync(Limit));
        Assert.IsType<TimeoutException>(told.InnerException!.InnerException);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _source.ExecuteAsync((_, _) => Task.FromResult(calls++), new CancellationToken(canceled: true)));
        Assert.Equal(1, calls);
    }

    [Fact]
    public void A_limit_below_zero_is_refused_by_its_name() => Assert.Equal("Timeout", Assert.Throws<ArgumentOutOfRangeException>(() => new ExecuteOptions { Timeout = TimeSpan.FromSeconds(-1) }).ParamName);

    [ServerFact("postgres", "setpriv")]
    public async Task A_node_that_has_become_read_only_did_not_do_it()
    {
        NotExecutedException told = await Assert.ThrowsAsync<NotExecutedException>(() => _source.ExecuteAsync(
            async (connection, token) =>
            {
                await RunAsync(connection, "SET default_transaction_read_only = on", token);
                await RunAsync(connection, "INSERT INTO rows VALUES (1)", token);
            },
            default).WaitAsync(Limit));

        Assert.Equal("25006", told.SqlState);
        Assert.True(told.IsTransient);
    }

    [ServerFact("postgres", "setpriv")]
    public async Task A_commit_to_a_node_that_froze_is_unknown_when_the_time_is_up_and_was_not_cancelled()
    {
        OutcomeUnknownException told = await Assert.ThrowsAsync<OutcomeUnknownException>(() => _source.ExecuteTransactionAsync(
            async (connection, _, token) =>
            {
                await RunAsync(connection, "INSERT INTO rows VALUES (1)", token);
                _server.Freeze();
            },
            OneSecond,
            default).WaitAsync(Limit));
        Assert.False(told.IsTransient);

        // It was on its way: the server does it when it wakes up.
        _server.Thaw();
        using CancellationTokenSource end = new(Limit);
        while (await CountAsync() == 0)
        {
            end.Token.ThrowIfCancellationRequested();
        }
    }

    [ServerFact("postgres", "setpriv")]
    public async Task A_transaction_on_a_node_that_froze_before_its_commit_was_not_executed()
    {
        await Assert.ThrowsAsync<NotExecutedException>(() => _source.ExecuteTransactionAsync(
            async (connection, _, token) =>
            {
                await RunAsync(connection, "INSERT INTO rows VALUES (1)", token);
                _server.Freeze();
                await RunAsync(connection, "INSERT INTO rows VALUES (2)", token);
            },
            OneSecond,
            default).WaitAsync(Limit));

        _server.Thaw();
        Assert.Equal(0, await CountAsync());
    }

    [ServerFact("postgres", "setpriv")]
    public async Task A_command_of_its_own_on_a_node_that_froze_is_unknown_and_work_that_heeds_no_token_is_left_behind()
    {
        TaskCompletionSource never = new();
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => _source.ExecuteAsync(
            async (connection, token) =>
            {
                _server.Freeze();
                await RunAsync(connection, "INSERT INTO rows VALUES (1)", token);
            },
            OneSecond,
            default).WaitAsync(Limit));
        _server.Thaw();
        await CountAsync();

        await Assert.ThrowsAsync<NotExecutedException>(() => _source.ExecuteAsync((_, _) => never.Task, OneSecond, default).WaitAsync(Limit));
        never.SetResult();
    }

    [ServerFact("postgres", "setpriv")]
    public async Task Work_whose_time_is_up_before_there_is_a_primary_is_told_so_with_what_is_known_of_the_node()
    {
        _server.Freeze();
        try
        {
            // One finds out that it is frozen; those that come then wait for nothing else.
            await Assert.ThrowsAnyAsync<FailoverException>(() => _source.ExecuteAsync((connection, token) => RunAsync(connection, "SELECT 1", token), new ExecuteOptions { Timeout = TimeSpan.FromSeconds(3) }, default).WaitAsync(Limit));
            PrimaryUnavailableException told = await Assert.ThrowsAsync<PrimaryUnavailableException>(() => _source.ExecuteAsync((connection, token) => RunAsync(connection, "SELECT 1", token), OneSecond, default).WaitAsync(Limit));
            Assert.Contains("after waiting 1 s", told.Message, StringComparison.Ordinal);
            Assert.Contains("no answer within", told.Message, StringComparison.Ordinal);
        }
        finally
        {
            _server.Thaw();
        }
    }

    [ServerFact("postgres", "setpriv")]
    public async Task A_caller_that_cancels_is_told_so_and_the_connection_is_kept()
    {
        int before = await ProcessAsync();
        using CancellationTokenSource cancel = new();
        Task running = _source.ExecuteAsync(
            async (connection, token) =>
            {
                cancel.CancelAfter(TimeSpan.FromMilliseconds(50));
                await RunAsync(connection, "SELECT pg_sleep(60)", token);
            },
            cancel.Token);

        OperationCanceledException told = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.WaitAsync(Limit));
        Assert.Equal(cancel.Token, told.CancellationToken);
        Assert.Equal(before, await ProcessAsync());
    }

    private Task InsertAsync(int id) => _source.ExecuteAsync((connection, token) => RunAsync(connection, $"INSERT INTO rows VALUES ({id})", token), default).WaitAsync(Limit);

    private async Task<long> CountAsync() => await _source.ExecuteAsync(async (connection, token) => (long)(await new NpgsqlCommand("SELECT count(*) FROM rows", connection).ExecuteScalarAsync(token))!, Repeatable, default).WaitAsync(Limit);

    private async Task<int> ProcessAsync() => await _source.ExecuteAsync((connection, _) => Task.FromResult(connection.ProcessID), default).WaitAsync(Limit);

    private static async Task RunAsync(NpgsqlConnection connection, string statement, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new(statement, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Ends the session at the server, and waits until it has.</summary>
    private async Task EndSessionAsync(NpgsqlConnection victim)
    {
        await using NpgsqlConnection other = new(_server.ConnectionString + ";Pooling=false");
        await other.OpenAsync();
        await RunAsync(other, $"SELECT pg_terminate_backend({victim.ProcessID}, 30000)", default);
    }
}
