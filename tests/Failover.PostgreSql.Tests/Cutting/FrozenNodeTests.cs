using Failover.PostgreSql.Cutting;
using Failover.TestServers;
using Npgsql;

namespace Failover.PostgreSql.Tests.Cutting;

[Collection(CuttingTests.Name)]
public sealed class FrozenNodeTests(CuttingServer server)
{
    public static TheoryData<Blocked, bool> Calls { get; } = BlockedCall.WithTlsAndWithout(Enum.GetValues<Blocked>());

    [ServerTheory("postgres")]
    [MemberData(nameof(Calls))]
    public async Task Every_kind_of_call_on_a_frozen_node_ends_when_the_node_is_left(Blocked kind, bool tls)
    {
        await using Node node = server.NewNode(tls);
        await using NpgsqlConnection connection = await node.Source.OpenConnectionAsync();
        Func<CancellationToken, Task> call = await BlockedCall.PrepareAsync(kind, connection);
        ConnectionTrace trace = node.Connections.TraceOf(connection)!;
        server.Server.Freeze();
        try
        {
            Task waiting = call(CancellationToken.None);
            await BlockedCall.WaitsAsync(() => trace.Mark, waiting);

            Assert.Equal(1, node.Connections.Condemn());

            NpgsqlException failure = Assert.IsType<NpgsqlException>(await BlockedCall.FailureAsync(waiting));
            Assert.IsType<NodeLeftException>(failure.InnerException);
            Assert.True(failure.IsTransient);
            Assert.Equal(CutCause.NodeLeft, trace.CutCause);
            Assert.Equal(0, node.Witness.Lost);
        }
        finally
        {
            server.Server.Thaw();
        }

        await connection.DisposeAsync();
        Assert.Equal((0, 0, 0), node.Pool);
    }

    [ServerTheory("postgres")]
    [MemberData(nameof(Calls))]
    public async Task One_connection_is_cut_and_those_beside_it_stay(Blocked kind, bool tls)
    {
        await using Node node = server.NewNode(tls);
        await using NpgsqlConnection connection = await node.Source.OpenConnectionAsync();
        NpgsqlConnection idle = await node.Source.OpenConnectionAsync();
        int other = idle.ProcessID;
        await idle.DisposeAsync();
        Func<CancellationToken, Task> call = await BlockedCall.PrepareAsync(kind, connection);
        ConnectionTrace trace = node.Connections.TraceOf(connection)!;
        server.Server.Freeze();
        try
        {
            Task waiting = call(CancellationToken.None);
            await BlockedCall.WaitsAsync(() => trace.Mark, waiting);

            Assert.True(node.Connections.Cut(connection));

            NpgsqlException failure = Assert.IsType<NpgsqlException>(await BlockedCall.FailureAsync(waiting));
            Assert.IsType<ConnectionCutException>(failure.InnerException);
            Assert.False(failure.IsTransient);
            Assert.Equal(0, node.Witness.Lost);
        }
        finally
        {
            server.Server.Thaw();
        }

        await connection.DisposeAsync();
        await using NpgsqlConnection next = await node.Source.OpenConnectionAsync();
        Assert.Equal(other, next.ProcessID);
    }

    [ServerFact("postgres")]
    public async Task A_node_that_was_left_takes_no_connection_that_was_being_opened_until_it_is_trusted()
    {
        await using Node node = server.NewNode();
        server.Server.Freeze();
        Task<NpgsqlConnection> late;
        try
        {
            late = node.Source.OpenConnectionAsync().AsTask();
            node.Connections.Condemn();
        }
        finally
        {
            server.Server.Thaw();
        }

        Assert.IsType<NodeLeftException>(await BlockedCall.FailureAsync(late));
        await Assert.ThrowsAsync<NodeLeftException>(() => node.Source.OpenConnectionAsync().AsTask());
        Assert.Throws<NodeLeftException>(() => node.Source.OpenConnection());
        Assert.True(node.Connections.IsCondemned);
        Assert.Equal((0, 0, 0), node.Pool);

        node.Connections.Trust();

        Assert.False(node.Connections.IsCondemned);
        await using NpgsqlConnection connection = await node.Source.OpenConnectionAsync();
        Assert.Equal(-1, await BlockedCall.RunAsync(connection, "SELECT 1", default));
    }

    [ServerTheory("postgres")]
    [InlineData("Pooling=true")]
    [InlineData("Pooling=false")]
    public async Task Idle_connections_are_cut_too_and_none_of_them_is_handed_out_later(string pooling)
    {
        await using Node node = server.NewNode(more: pooling);
        NpgsqlConnection[] connections = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => node.Source.OpenConnectionAsync().AsTask()));
        int[] former = [.. connections.Select(static connection => connection.ProcessID)];
        foreach (NpgsqlConnection connection in connections[..3])
        {
            await connection.DisposeAsync();
        }

        int open = pooling == "Pooling=true" ? 5 : 2;

        Assert.Equal(open, node.Connections.Condemn());
        Assert.Equal(0, node.Connections.Condemn());

        node.Connections.Trust();
        foreach (NpgsqlConnection connection in connections[3..])
        {
            await Assert.ThrowsAsync<NpgsqlException>(() => BlockedCall.RunAsync(connection, "SELECT 1", default));
            await connection.DisposeAsync();
        }

        await using NpgsqlConnection next = await node.Source.OpenConnectionAsync();
        Assert.DoesNotContain(next.ProcessID, former);
    }

    [ServerFact("postgres")]
    public async Task The_users_own_initializer_runs_on_each_connection_and_can_be_cut_itself()
    {
        List<string> ran = [];
        NodeConnections connections = new("pg-a", TimeProvider.System, new(), new Witness());
        NpgsqlDataSourceBuilder builder = new(server.ConnectionString(more: "Pooling=false"));
        connections.Attach(builder, connection => ran.Add($"sync {connections.Cut(connection)}"), async connection =>
        {
            await BlockedCall.RunAsync(connection, "SELECT 1", default);
            ran.Add("async");
        });
        await using NpgsqlDataSource source = builder.Build();

        await using (await source.OpenConnectionAsync())
        {
        }

        using (source.OpenConnection())
        {
        }

        Assert.Equal(["async", "sync True"], ran);
    }
}
