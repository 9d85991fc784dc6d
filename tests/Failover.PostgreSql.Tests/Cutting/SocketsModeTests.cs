using Failover.PostgreSql.Cutting;
using Failover.TestServers;
using Npgsql;

namespace Failover.PostgreSql.Tests.Cutting;

[Collection(CuttingTests.Name)]
public sealed class SocketsModeTests(CuttingServer server)
{
    public static TheoryData<Blocked> Calls { get; } = [.. Enum.GetValues<Blocked>()];

    [ServerTheory("postgres")]
    [MemberData(nameof(Calls))]
    public async Task Without_a_member_of_Npgsql_every_kind_of_call_ends_all_the_same_when_the_node_is_left(Blocked kind)
    {
        await using Node node = server.NewNode(missing: "NpgsqlConnector._socket");
        Assert.Equal((CutMode.Sockets, "NpgsqlConnector._socket"), (node.Connections.Mode, node.Connections.MissingMember));
        await using NpgsqlConnection connection = await node.Source.OpenConnectionAsync();
        Func<CancellationToken, Task> call = await BlockedCall.PrepareAsync(kind, connection);
        server.Server.Freeze();
        try
        {
            Task waiting = Task.Run(() => call(CancellationToken.None));
            await BlockedCall.WaitsAsync(static () => 0, waiting);

            Assert.Equal(1, node.Connections.Condemn());

            Assert.IsType<NpgsqlException>(await BlockedCall.FailureAsync(waiting));
        }
        finally
        {
            server.Server.Thaw();
        }

        await connection.DisposeAsync();
        Assert.Equal((0, 0, 0), node.Pool);
        await Assert.ThrowsAnyAsync<Exception>(() => node.Source.OpenConnectionAsync().AsTask());

        node.Connections.Trust();
        await using NpgsqlConnection again = await node.Source.OpenConnectionAsync();
        Assert.Equal(-1, await BlockedCall.RunAsync(again, "SELECT 1", default));
        Assert.Null(node.Connections.TraceOf(again));
        Assert.False(node.Connections.Cut(again));
    }

    // Npgsql's own cancel connection holds the caller: it is cut with the rest, and so is an open.
    [ServerFact("postgres")]
    public async Task The_cut_is_repeated_for_what_comes_after_it_and_spares_what_it_was_told_to()
    {
        await using Node node = server.NewNode(missing: "x", more: "Command Timeout=1");
        await using NpgsqlConnection connection = await node.Source.OpenConnectionAsync();
        await using NpgsqlDataSource probes = NpgsqlDataSource.Create(server.ConnectionString());
        await using NpgsqlConnection probe = await probes.OpenConnectionAsync();
        await using NpgsqlCommand port = new("SELECT inet_client_port()", probe);
        node.Connections.Spare((int)(await port.ExecuteScalarAsync())!);
        server.Server.Freeze();
        try
        {
            node.Connections.Condemn();
            Task<NpgsqlConnection> open = probes.OpenConnectionAsync().AsTask();

            await BlockedCall.FailureAsync(open);
        }
        finally
        {
            server.Server.Thaw();
        }

        Assert.Equal(-1, await BlockedCall.RunAsync(probe, "SELECT 1", default));
    }
}
