using System.Net;
using Failover.TestServers;
using Failover.TestServers.Network;
using Failover.TestServers.Servers;
using Failover.TestServers.Streaming;
using Failover.TestServers.Writes;
using Npgsql;

namespace Failover.PostgreSql.Tests.Names;

/// <summary>One name, whose CNAME is moved in a real zone of BIND from a primary that lives on to another server, as RDS does. What is opened by the name goes, at that moment, where the zone says.</summary>
public sealed class FlippedNameTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly IPAddress Old = IPAddress.Loopback;
    private static readonly IPAddress New = IPAddress.Parse("127.0.0.2");

    [ServerFact("named", "postgres", "setpriv")]
    public async Task Connections_to_the_machine_that_the_name_has_left_are_cut_and_the_next_ones_go_where_it_leads()
    {
        await using StreamingPair pair = await StreamingPair.StartAsync();
        await using NamedServer names = await NamedServer.StartAsync(Old);
        await using Relay front = Front(pair, names);
        await using FailoverDataSource source = await SourceAsync(pair, names, front);
        await using NpgsqlConnection held = await source.OpenConnectionAsync().AsTask().WaitAsync(Limit);
        Assert.Equal(1, await WritesTable.InsertAsync(held, 1, default));

        await pair.PromoteStandbyAsync();
        await names.FlipAsync(New);
        await CutAsync(held);

        await using NpgsqlConnection next = await source.OpenConnectionAsync().AsTask().WaitAsync(Limit);
        Assert.Equal(2, await WritesTable.InsertAsync(next, 2, default));
        Assert.Equal((GroupCondition.Settled, 2L), (source.Group.Snapshot.Condition, source.Group.Snapshot.Epoch!.Value.Number));
        Assert.Equal(SwitchoverCause.Initial, source.Group.Snapshot.LastSwitchover!.Cause);

        // The former primary lives, and would take writes; nothing of ours is there.
        Assert.True((await pair.Primary.StateAsync())!.IsPrimary);
        Assert.Equal([1L], (await WritesTable.ReadAsync(pair.Primary)).Select(static row => row.Id));
        await UntilAsync(async () => await SessionsAsync(pair.Primary) == 0, "neither the pool nor the probe has a session on the former machine");
    }

    [ServerFact("named", "postgres", "setpriv")]
    public async Task Callers_wait_until_the_other_machine_has_proven_its_role()
    {
        await using StreamingPair pair = await StreamingPair.StartAsync();
        await using NamedServer names = await NamedServer.StartAsync(Old);
        await using Relay front = Front(pair, names);
        await using FailoverDataSource source = await SourceAsync(pair, names, front);
        await using NpgsqlConnection held = await source.OpenConnectionAsync().AsTask().WaitAsync(Limit);

        await names.FlipAsync(New);
        await CutAsync(held);
        Task<NpgsqlConnection> waiting = source.OpenConnectionAsync().AsTask();
        await UntilAsync(() => Task.FromResult(source.Group.Snapshot.Members[0].Role == MemberRole.Replica), "the other machine says that it is a standby");
        Assert.False(waiting.IsCompleted);

        await pair.PromoteStandbyAsync();
        await using NpgsqlConnection next = await waiting.WaitAsync(Limit);
        Assert.Equal(2, await WritesTable.InsertAsync(next, 2, default));
    }

    private static Relay Front(StreamingPair pair, NamedServer names) =>
        Relay.Start(async cancellationToken => (await names.AskAsync(cancellationToken)).Contains(New) ? pair.Standby.Port : pair.Primary.Port);

    private static async Task<FailoverDataSource> SourceAsync(StreamingPair pair, NamedServer names, Relay front)
    {
        await WritesTable.CreateAsync(pair.Primary);
        string connection = pair.Primary.ConnectionString.Replace($"Host={pair.Primary.Host};Port={pair.Primary.Port}", $"Host=localhost;Port={front.Port};Application Name=shop", StringComparison.Ordinal);
        return new FailoverDataSourceBuilder("db", connection) { Resolve = (_, cancellationToken) => names.AskAsync(cancellationToken) }.Build();
    }

    /// <summary>Waits until a connection ends; the server that it leads to is well, and would not end it.</summary>
    private static Task CutAsync(NpgsqlConnection held) => UntilAsync(
        async () =>
        {
            try
            {
                await using NpgsqlCommand command = new("select 1", held);
                await command.ExecuteScalarAsync();
                return false;
            }
            catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException)
            {
                return true;
            }
        },
        "the connection is cut");

    private static async Task<long> SessionsAsync(PostgreSqlNode node)
    {
        await using NpgsqlConnection connection = new(node.SuperuserConnectionString);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new("select count(*) from pg_stat_activity where application_name in ('shop', 'failover-probe db')", connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo, string what)
    {
        using CancellationTokenSource end = new(Limit);
        using PeriodicTimer look = new(TimeSpan.FromMilliseconds(10));
        while (!await isSo())
        {
            Assert.False(end.IsCancellationRequested, $"Not in time: {what}");
            await look.WaitForNextTickAsync();
        }
    }
}
