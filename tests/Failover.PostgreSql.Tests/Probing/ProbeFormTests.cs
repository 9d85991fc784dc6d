using Failover.PostgreSql.Checks;
using Failover.PostgreSql.Probing;
using Failover.TestServers;
using Failover.TestServers.Servers;
using Failover.TestServers.Streaming;
using Npgsql;

namespace Failover.PostgreSql.Tests.Probing;

/// <summary>Servers that refuse what a timeline is read from, as Aurora does; its functions are made in a real PostgreSQL.</summary>
public sealed class ProbeFormTests
{
    private const string Refuse = "revoke execute on function pg_control_system(), pg_control_checkpoint(), pg_walfile_name(pg_lsn) from public;";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("f", "off", "7", false, false, null)]
    [InlineData("t", "on", "1500", true, true, 1500)]
    [InlineData("t", "on", null, true, true, null)]
    [InlineData("t", "on", "-1", true, true, null)]
    public void A_shorter_answer_tells_the_role_and_of_a_reader_its_lag(string recovery, string readOnly, string? lag, bool isInRecovery, bool isReadOnly, int? milliseconds) =>
        Assert.Equal(
            new NodeAnswer(isInRecovery, isReadOnly, null, null) { Lag = milliseconds is { } known ? TimeSpan.FromMilliseconds(known) : null },
            ProbeForms.Read(ProbeForm.Aurora, [recovery, readOnly, lag]));

    [Fact]
    public void Anything_else_is_no_answer()
    {
        Assert.Null(ProbeForms.Read(ProbeForm.Aurora, ["x", "on", null]));
        Assert.Null(ProbeForms.Read(ProbeForm.RoleOnly, ["t", "on"]));
    }

    [ServerFact("postgres", "setpriv")]
    public async Task A_server_that_does_not_let_its_timeline_be_read_is_followed_by_its_role_over_one_session()
    {
        await using StreamingPair pair = await StreamingPair.StartAsync();
        await pair.Primary.ExecuteAsync(Refuse);
        await using FailoverDataSource source = Source(pair.Primary.ConnectionString);

        await using NpgsqlConnection connection = await source.OpenConnectionAsync().AsTask().WaitAsync(Limit);
        await UntilAsync(source, static snapshot => snapshot.Version > 5, "some probes");

        GroupSnapshot snapshot = source.Group.Snapshot;
        Assert.Equal((GroupCondition.Settled, null), (snapshot.Condition, snapshot.Epoch));
        Assert.Equal(true, PostgreSqlCheckRules.Data(snapshot, static _ => null)["unfenced"]);
        await using NpgsqlConnection superuser = new(pair.Primary.SuperuserConnectionString);
        await superuser.OpenAsync();
        await using NpgsqlCommand command = new("select count(*) from pg_stat_activity where application_name = 'failover-probe db'", superuser);
        Assert.Equal(1L, await command.ExecuteScalarAsync());
    }

    [ServerFact("postgres", "setpriv")]
    public async Task A_reader_of_Aurora_tells_its_lag_and_the_writer_is_followed_to_the_next()
    {
        await using StreamingPair pair = await StreamingPair.StartAsync();
        await pair.Primary.ExecuteAsync(
            $"""
            {Refuse}
            create function pg_catalog.aurora_db_instance_identifier() returns text language sql as $$ select 'reader' $$;
            create function pg_catalog.aurora_replica_status() returns table (server_id text, session_id text, replica_lag_in_msec real)
            language sql as $$ values ('writer', 'MASTER_SESSION_ID', null::real), ('reader', 'c1e2', 1500.4) $$;
            """);
        await using FailoverDataSource source = Source(pair.ConnectionString);
        await UntilAsync(source, static snapshot => snapshot.Readable is [{ Lag.TotalMilliseconds: 1500 }], "the reader tells its lag");
        await using (NpgsqlConnection near = await source.ForReads(TimeSpan.FromSeconds(2)).OpenConnectionAsync().AsTask().WaitAsync(Limit))
        await using (NpgsqlConnection nearer = await source.ForReads(TimeSpan.FromSeconds(1)).OpenConnectionAsync().AsTask().WaitAsync(Limit))
        {
            Assert.Equal((pair.Standby.Port, pair.Primary.Port), (near.Port, nearer.Port));
        }

        await pair.Primary.KillAsync();
        await pair.PromoteStandbyAsync();
        await UntilAsync(source, snapshot => snapshot is { Condition: GroupCondition.Settled, Active: { } active } && active.Address.Port == pair.Standby.Port, "the reader that was promoted is followed");
        await using NpgsqlConnection next = await source.OpenConnectionAsync().AsTask().WaitAsync(Limit);
        Assert.Equal(pair.Standby.Port, next.Port);
        Assert.Null(source.Group.Snapshot.Epoch);
    }

    private static FailoverDataSource Source(string connectionString) => new FailoverDataSourceBuilder("db", connectionString).Build();

    private static async Task UntilAsync(FailoverDataSource source, Func<GroupSnapshot, bool> isSo, string what)
    {
        using CancellationTokenSource end = new(Limit);
        using PeriodicTimer look = new(TimeSpan.FromMilliseconds(10));
        while (!isSo(source.Group.Snapshot))
        {
            Assert.False(end.IsCancellationRequested, $"Not in time: {what}; {source.Group.Snapshot.Condition}, {source.Group.Snapshot.Reason}");
            await look.WaitForNextTickAsync();
        }
    }
}
