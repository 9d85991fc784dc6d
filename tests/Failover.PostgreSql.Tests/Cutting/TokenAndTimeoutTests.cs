using System.Net.NetworkInformation;
using Failover.PostgreSql.Cutting;
using Failover.TestServers;
using Failover.TestServers.Network;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Failover.PostgreSql.Tests.Cutting;

[Collection(CuttingTests.Name)]
public sealed class TokenAndTimeoutTests(CuttingServer server)
{
    private static readonly CutSettings Hard = new() { SoftCancel = false };

    public static TheoryData<Blocked, bool> Tokens { get; } = BlockedCall.WithTlsAndWithout([Blocked.Execute, Blocked.Read, Blocked.Commit, Blocked.Copy]);

    public static TheoryData<Blocked, bool> Timeouts { get; } = BlockedCall.WithTlsAndWithout([Blocked.Execute, Blocked.ExecuteSync, Blocked.Read, Blocked.Commit]);

    // Cancel() runs the handlers itself: Npgsql's own would wait there for a second connection, which is never answered.
    [ServerTheory("postgres")]
    [MemberData(nameof(Tokens))]
    public async Task On_a_frozen_node_a_token_ends_the_call_and_blocks_nobody(Blocked kind, bool tls)
    {
        await using Node node = server.NewNode(tls);
        NpgsqlConnection connection = await node.Source.OpenConnectionAsync();
        Func<CancellationToken, Task> call = await BlockedCall.PrepareAsync(kind, connection);
        ConnectionTrace trace = node.Connections.TraceOf(connection)!;
        using CancellationTokenSource source = new();
        server.Server.Freeze();
        try
        {
            Task waiting = call(source.Token);
            await BlockedCall.WaitsAsync(() => trace.Mark, waiting);

            await Task.Factory.StartNew(source.Cancel, TaskCreationOptions.LongRunning).WaitAsync(CuttingServer.Limit);

            Assert.IsAssignableFrom<OperationCanceledException>(await BlockedCall.FailureAsync(waiting));
        }
        finally
        {
            server.Server.Thaw();
        }

        await connection.DisposeAsync();
        Assert.Equal((0, 0, 0), node.Pool);
    }

    [ServerTheory("postgres")]
    [MemberData(nameof(Timeouts))]
    public async Task On_a_frozen_node_the_command_timeout_ends_the_call(Blocked kind, bool tls)
    {
        await using Node node = server.NewNode(tls, "Command Timeout=1");
        NpgsqlConnection connection = await node.Source.OpenConnectionAsync();
        Func<CancellationToken, Task> call = await BlockedCall.PrepareAsync(kind, connection);
        server.Server.Freeze();
        try
        {
            NpgsqlException failure = Assert.IsType<NpgsqlException>(await BlockedCall.FailureAsync(Task.Run(() => call(CancellationToken.None))));

            Assert.IsType<TimeoutException>(failure.InnerException);
            // Of a COMMIT that is cut nothing is asked, so its silence says nothing.
            Assert.Equal(kind == Blocked.Commit ? 0 : 1, node.Witness.Lost);
        }
        finally
        {
            server.Server.Thaw();
        }

        await connection.DisposeAsync();
        Assert.Equal((0, 0, 0), node.Pool);
    }

    [ServerFact("postgres")]
    public async Task Neither_token_nor_timeout_open_a_second_connection_of_Npgsql_and_a_commit_is_never_cancelled()
    {
        int before = await server.ConnectionsSeenAsync();
        foreach ((Blocked kind, CutSettings settings) in new[] { (Blocked.Execute, Hard), (Blocked.Read, Hard), (Blocked.ExecuteSync, Hard), (Blocked.Commit, new CutSettings()) })
        {
            foreach (bool byToken in kind == Blocked.ExecuteSync ? [false] : new[] { false, true })
            {
                await using Node node = server.NewNode(more: byToken ? "" : "Command Timeout=1", settings: settings);
                NpgsqlConnection connection = await node.Source.OpenConnectionAsync();
                Func<CancellationToken, Task> call = await BlockedCall.PrepareAsync(kind, connection);
                ConnectionTrace trace = node.Connections.TraceOf(connection)!;
                using CancellationTokenSource source = new();
                server.Server.Freeze();
                try
                {
                    Task waiting = call(source.Token);
                    if (byToken)
                    {
                        await BlockedCall.WaitsAsync(() => trace.Mark, waiting);
                        await source.CancelAsync().WaitAsync(CuttingServer.Limit);
                    }

                    await BlockedCall.FailureAsync(waiting);
                }
                finally
                {
                    server.Server.Thaw();
                }

                await connection.DisposeAsync();
            }
        }

        // Seven calls on seven connections, and the one that looked.
        Assert.Equal(before + 7 + 1, await server.ConnectionsSeenAsync());
    }

    [ServerTheory("postgres")]
    [InlineData("token", false)]
    [InlineData("token", true)]
    [InlineData("timeout", false)]
    [InlineData("timeout", true)]
    [InlineData("timeout of a synchronous call", false)]
    [InlineData("timeout of a synchronous call", true)]
    [InlineData("token of a wait for notifications", false)]
    public async Task On_a_healthy_node_the_connection_stays_and_the_next_query_is_right(string how, bool tls)
    {
        // Time enough for a machine that is busy with other work: the grace is not what is asked for here.
        await using Node node = server.NewNode(tls, how.StartsWith("timeout", StringComparison.Ordinal) ? "Command Timeout=1" : "", new() { Grace = CuttingServer.Limit });
        int first = 0;

        // The second time it comes from the pool, and its reset goes before the command.
        for (int time = 0; time < 2; time++)
        {
            await using NpgsqlConnection connection = await node.Source.OpenConnectionAsync();
            using CancellationTokenSource source = new();
            ConnectionTrace trace = node.Connections.TraceOf(connection)!;
            long mark = trace.Mark;
            NpgsqlCommand sleep = new("SELECT pg_sleep(60)", connection);
            Task<Exception?> call = Record.ExceptionAsync(() => how switch
            {
                "token of a wait for notifications" => connection.WaitAsync(source.Token),
                "timeout of a synchronous call" => Task.Factory.StartNew(sleep.ExecuteNonQuery, TaskCreationOptions.LongRunning),
                _ => sleep.ExecuteNonQueryAsync(source.Token),
            });
            if (how.StartsWith("token", StringComparison.Ordinal))
            {
                if (how.EndsWith("notifications", StringComparison.Ordinal))
                {
                    // It sends nothing but the pool's reset; before that is answered Npgsql gives up the connection.
                    await CuttingServer.Until(() => (time == 0 || trace.WroteSince(mark)) && !trace.IsInFlight);
                }
                else
                {
                    await server.RunsAsync(connection.ProcessID, "SELECT pg_sleep(60)");
                }

                await source.CancelAsync();
            }

            Exception? failure = await call.WaitAsync(CuttingServer.Limit);

            Assert.True(how.StartsWith("token", StringComparison.Ordinal) ? failure is OperationCanceledException : failure is NpgsqlException { InnerException: TimeoutException }, $"{failure}");
            await using NpgsqlCommand next = new("SELECT pg_backend_pid()", connection);
            Assert.Equal(connection.ProcessID, await next.ExecuteScalarAsync());
            first = first == 0 ? connection.ProcessID : first;
            Assert.Equal(first, connection.ProcessID);
        }

        Assert.Equal(0, node.Witness.Lost);
    }

    // Npgsql gives up a connection whose reset failed.
    [ServerFact("postgres")]
    public async Task The_reset_of_a_connection_from_the_pool_is_not_cancelled_but_the_command_after_it()
    {
        await using Node node = server.NewNode(settings: new() { Grace = CuttingServer.Limit });
        await using (await node.Source.OpenConnectionAsync())
        {
        }

        await using NpgsqlConnection connection = await node.Source.OpenConnectionAsync();
        using CancellationTokenSource source = new();
        server.Server.Freeze();
        Task<int> call;
        try
        {
            call = BlockedCall.RunAsync(connection, "SELECT pg_sleep(60)", source.Token);
            Assert.Equal(2, node.Connections.TraceOf(connection)!.Unanswered);
            await source.CancelAsync();
            Assert.Single(IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpConnections(), tcp => tcp.RemoteEndPoint.Port == server.Server.Port && tcp.State == TcpState.Established);
        }
        finally
        {
            server.Server.Thaw();
        }

        Assert.IsAssignableFrom<OperationCanceledException>(await BlockedCall.FailureAsync(call));
        Assert.Equal(-1, await BlockedCall.RunAsync(connection, "SELECT 1", default));
    }

    // The request may be on its way when the command is over: it must not hit the one after it.
    [ServerFact("postgres")]
    public async Task A_cancel_request_never_hits_the_next_command()
    {
        await using Node node = server.NewNode(settings: new() { Grace = CuttingServer.Limit });
        await using NpgsqlConnection connection = await node.Source.OpenConnectionAsync();
        int ended = 0;
        for (int i = 0; i < 300; i++)
        {
            using CancellationTokenSource source = new();
            await using NpgsqlCommand soon = new("SELECT pg_sleep(0.001)", connection);
            Task<Exception?> call = Record.ExceptionAsync(() => soon.ExecuteNonQueryAsync(source.Token));
            await Task.WhenAll(source.CancelAsync(), call).WaitAsync(CuttingServer.Limit);
            ended += await call is OperationCanceledException ? 1 : 0;

            await using NpgsqlCommand next = new("SELECT $1", connection) { Parameters = { new() { Value = i } } };
            Assert.Equal(i, await next.ExecuteScalarAsync());
        }

        Assert.NotEqual(0, ended);
    }

    // It is written when that request has come, and its answer is waited for from the beginning.
    [ServerFact("postgres")]
    public async Task A_call_that_waits_for_the_cancel_request_of_the_one_before_has_a_time_of_its_own()
    {
        const string Lock = "SELECT pg_advisory_lock_shared(77)";
        TaskCompletionSource passes = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int seen = 0;
        await using Relay relay = Relay.Start(async stop =>
        {
            if (Interlocked.Increment(ref seen) > 1)
            {
                await passes.Task.WaitAsync(stop);
            }

            return server.Server.Port;
        });
        FakeTimeProvider time = new();
        CutSettings settings = new();
        await using Node node = server.NewNode(more: $"Port={relay.Port}", settings: settings, time: time), direct = server.NewNode();
        await using NpgsqlConnection connection = await node.Source.OpenConnectionAsync(), holder = await direct.Source.OpenConnectionAsync();
        await BlockedCall.RunAsync(holder, "SELECT pg_advisory_lock(77)", default);
        using CancellationTokenSource source = new();
        Task<int> call = BlockedCall.RunAsync(connection, Lock, source.Token);
        await server.RunsAsync(connection.ProcessID, Lock);
        await source.CancelAsync();
        await CuttingServer.Until(() => Volatile.Read(ref seen) == 2);

        // The call ends by itself, before it is cancelled.
        await BlockedCall.RunAsync(holder, "SELECT pg_advisory_unlock(77)", default);
        await call.WaitAsync(CuttingServer.Limit);
        Task<int> next = BlockedCall.RunAsync(connection, "SELECT 1", default);
        time.Advance(settings.Grace);
        passes.SetResult();

        Assert.Equal(-1, await next.WaitAsync(CuttingServer.Limit));
        Assert.Equal(0, node.Witness.Lost);
    }

    [ServerFact("postgres")]
    public async Task A_guarded_connection_is_cut_at_its_token_and_the_server_is_not_asked_to_cancel()
    {
        await using Node node = server.NewNode();
        NpgsqlConnection connection = await node.Source.OpenConnectionAsync();
        ConnectionTrace trace = node.Connections.TraceOf(connection)!;
        int before = await server.ConnectionsSeenAsync();
        node.Connections.Guard(connection, softCancel: false);
        using CancellationTokenSource source = new();
        Task<int> call = BlockedCall.RunAsync(connection, "SELECT pg_sleep(60)", source.Token);
        await server.RunsAsync(connection.ProcessID, "SELECT pg_sleep(60)");

        await source.CancelAsync();

        Assert.IsAssignableFrom<OperationCanceledException>(await BlockedCall.FailureAsync(call));
        Assert.Equal(CutCause.TimeUp, trace.CutCause);
        Assert.Equal(0, node.Witness.Lost);

        // The two that looked: what runs, and how many came.
        Assert.Equal(before + 2, await server.ConnectionsSeenAsync());
    }
}
