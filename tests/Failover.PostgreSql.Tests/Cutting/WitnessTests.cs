using Failover.PostgreSql.Cutting;
using Failover.TestServers;
using Npgsql;

namespace Failover.PostgreSql.Tests.Cutting;

[Collection(CuttingTests.Name)]
public sealed class WitnessTests(CuttingServer server)
{
    [ServerTheory("postgres")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Errors_that_speak_of_the_node_are_told_and_others_are_not(bool tls)
    {
        await using Node node = server.NewNode(tls);
        await using NpgsqlConnection connection = await node.Source.OpenConnectionAsync();
        await Assert.ThrowsAsync<PostgresException>(() => BlockedCall.RunAsync(connection, "SELECT 1 / 0", default));
        await Assert.ThrowsAsync<PostgresException>(() => BlockedCall.RunAsync(connection, $"SELECT '{new string('x', 50000)}'::int", default));
        Assert.Empty(node.Witness.Errors);

        await BlockedCall.RunAsync(connection, "SET default_transaction_read_only = on", default);
        await Assert.ThrowsAsync<PostgresException>(() => BlockedCall.RunAsync(connection, "INSERT INTO rows VALUES (1)", default));
        Assert.Equal(("25006", false), Assert.Single(node.Witness.Errors));

        await using NpgsqlConnection killer = await node.Source.OpenConnectionAsync();
        Task<int> sleeping = BlockedCall.RunAsync(connection, "SELECT pg_sleep(60)", default);
        ConnectionTrace trace = node.Connections.TraceOf(connection)!;
        await CuttingServer.Until(() => trace.IsInFlight);
        await BlockedCall.RunAsync(killer, $"SELECT pg_terminate_backend({connection.ProcessID})", default);

        Assert.Equal("57P01", Assert.IsType<PostgresException>(await BlockedCall.FailureAsync(sleeping)).SqlState);
        Assert.Equal([("25006", false), ("57P01", true)], node.Witness.Errors);
        Assert.Equal(0, node.Witness.Lost);
    }

    [ServerFact("postgres")]
    public async Task A_connection_that_ends_without_a_word_is_told()
    {
        await using Node node = server.NewNode();
        await using NpgsqlConnection connection = await node.Source.OpenConnectionAsync();
        await using NpgsqlConnection killer = await node.Source.OpenConnectionAsync();

        // As if the network in between had ended it.
        NpgsqlInternals.SocketOf(NpgsqlInternals.ConnectorOf(connection)!).Shutdown(System.Net.Sockets.SocketShutdown.Both);

        await Assert.ThrowsAsync<NpgsqlException>(() => BlockedCall.RunAsync(connection, "SELECT 1", default));
        Assert.Equal(1, node.Witness.Lost);
        Assert.Empty(node.Witness.Errors);
    }

    [ServerFact("postgres")]
    public async Task What_is_written_under_way_and_in_a_transaction_is_known_and_stays_known_after_a_cut()
    {
        await using Node node = server.NewNode();
        await using NpgsqlConnection connection = await node.Source.OpenConnectionAsync();
        ConnectionTrace trace = node.Connections.TraceOf(connection)!;
        long mark = trace.Mark;
        Assert.Equal((TransactionStatus.Idle, false, false), (trace.Status, trace.IsInFlight, trace.WroteSince(mark)));

        NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        Assert.False(trace.WroteSince(mark), "Npgsql sends BEGIN with the first command.");
        await BlockedCall.RunAsync(connection, "INSERT INTO rows VALUES (1)", default);
        Assert.Equal((TransactionStatus.InTransaction, false, true), (trace.Status, trace.IsInFlight, trace.WroteSince(mark)));
        await Assert.ThrowsAsync<PostgresException>(() => BlockedCall.RunAsync(connection, "SELECT 1 / 0", default));
        Assert.Equal(TransactionStatus.Failed, trace.Status);
        await transaction.RollbackAsync();
        Assert.Equal(TransactionStatus.Idle, trace.Status);

        transaction = await connection.BeginTransactionAsync();
        await BlockedCall.RunAsync(connection, "INSERT INTO rows VALUES (1)", default);
        server.Server.Freeze();
        try
        {
            Task commit = transaction.CommitAsync();
            await CuttingServer.Until(() => trace.IsCommitInFlight);
            node.Connections.Cut(connection);
            await BlockedCall.FailureAsync(commit);
        }
        finally
        {
            server.Server.Thaw();
        }

        Assert.Null(node.Connections.TraceOf(connection));
        Assert.Equal((TransactionStatus.InTransaction, true, CutCause.Asked), (trace.Status, trace.IsCommitInFlight, trace.CutCause));
    }

    [ServerFact("postgres")]
    public async Task A_connection_from_the_pool_answers_for_its_reset_and_its_command_apart()
    {
        await using Node node = server.NewNode();
        await using (await node.Source.OpenConnectionAsync())
        {
        }

        await using NpgsqlConnection connection = await node.Source.OpenConnectionAsync();
        ConnectionTrace trace = node.Connections.TraceOf(connection)!;
        await using NpgsqlCommand rows = new("SELECT i FROM generate_series(1, 10000) i", connection);
        await using NpgsqlDataReader reader = await rows.ExecuteReaderAsync();
        Assert.True(trace.IsInFlight);
        while (await reader.ReadAsync())
        {
        }

        await reader.CloseAsync();
        Assert.Equal(0, trace.Unanswered);
    }
}
