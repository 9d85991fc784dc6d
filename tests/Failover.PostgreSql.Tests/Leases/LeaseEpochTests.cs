using Dapper;
using Failover.TestServers;
using Npgsql;

namespace Failover.PostgreSql.Tests.Leases;

/// <summary>Rows that were written on another primary: what asynchronous replication may have lost after them is waited for. The other primary is a word in the row; LeaseFailoverTests have a real one.</summary>
[Collection(OnLeaseServer.Name)]
public sealed class LeaseEpochTests(OneServer one) : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Short = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    private NpgsqlDataSource _source = null!;
    private PostgreSqlLeaseStore _store = null!;

    public async Task InitializeAsync()
    {
        _source = NpgsqlDataSource.Create((await one.StartedAsync()).ConnectionString);
        _store = new(_source);
        await ExecuteAsync("drop table if exists failover_leases");
    }

    public async Task DisposeAsync() => await _source.DisposeAsync();

    [ServerFact("postgres", "setpriv")]
    public async Task A_holder_renews_on_the_next_primary_under_its_token_although_its_row_says_that_it_ran_out()
    {
        (LeaseRequest request, LeaseGrant grant) = await TakeAsync("a", Long);
        await ExecuteAsync("update failover_leases set epoch = 'other/7', expires_at = now() - interval '1 hour'");

        Assert.Null((await _store.TakeAsync(Ask("a", "host-b", Long), default)).Grant);
        LeaseGrant? renewed = await _store.RenewAsync(request, grant, default);

        Assert.Equal(grant.Epoch, renewed?.Epoch);
        Assert.Equal("host-a", (await _store.TakeAsync(Ask("a", "host-b", Short), default)).Holder);

        // Here its time counts again.
        await ExecuteAsync("update failover_leases set expires_at = now() - interval '1 hour' where resource = 'a'");
        Assert.Null(await _store.RenewAsync(request, grant, default));
    }

    [ServerTheory("postgres", "setpriv")]
    [InlineData("update failover_leases set epoch = 'other/7', expires_at = now() - interval '1 hour'", "host-a")]
    [InlineData("update failover_leases set epoch = 'other/7', attempt = null, kept = null", null)]
    [InlineData("update failover_leases set epoch = 'other/7'; delete from failover_leases where resource = 'a'", null)]
    public async Task Nobody_is_granted_anything_until_what_may_have_been_lost_has_run_out(string left, string? unreleased)
    {
        LeaseGrant before = (await TakeAsync("a", Short)).Grant;
        await ExecuteAsync(left);

        LeaseAnswer first = await _store.TakeAsync(Ask("a", "host-b", Long), default);
        LeaseAnswer second = await _store.TakeAsync(Ask("a", "host-b", Short), default);

        Assert.Null(first.Grant);
        Assert.InRange(first.RetryAfter!.Value, Long / 2, Long);
        Assert.Null(second.Grant);

        // What has passed since then is the server's to say.
        await ExecuteAsync("update failover_leases set expires_at = expires_at - interval '1 minute' where resource = ''");
        LeaseGrant? granted = (await _store.TakeAsync(Ask("a", "host-c", Short), default)).Grant;
        Assert.True(granted?.Epoch.Number > before.Epoch.Number);
        Assert.Equal(unreleased, granted.Unreleased);
    }

    [ServerFact("postgres", "setpriv")]
    public async Task The_wait_is_as_long_as_the_lost_lease_may_have_been()
    {
        await TakeAsync("a", Long);
        await ExecuteAsync("update failover_leases set epoch = 'other/7'");
        Assert.Null((await _store.TakeAsync(Ask("b", "host-b", Short), default)).Grant);
        await ExecuteAsync("update failover_leases set expires_at = expires_at - interval '1 minute' where resource = ''");

        Assert.NotNull((await _store.TakeAsync(Ask("b", "host-b", Short), default)).Grant);
        LeaseAnswer answer = await _store.TakeAsync(Ask("a", "host-b", Short), default);

        Assert.Equal("host-a", answer.Holder);
        Assert.InRange(answer.RetryAfter!.Value, Long / 2, Long - TimeSpan.FromMinutes(1));
    }

    [ServerFact("postgres", "setpriv")]
    public async Task A_renewal_is_a_first_sight_of_the_primary_too()
    {
        (LeaseRequest request, LeaseGrant grant) = await TakeAsync("a", Long);
        await ExecuteAsync("update failover_leases set epoch = 'other/7'");
        await _store.RenewAsync(request, grant, default);
        await ExecuteAsync("update failover_leases set expires_at = expires_at - interval '1 minute' where resource = ''");

        Assert.NotNull((await _store.TakeAsync(Ask("b", "host-b", Short), default)).Grant);
    }

    [ServerFact("postgres", "setpriv")]
    public async Task What_was_given_back_but_may_not_be_taken_yet_does_not_wake_who_waits()
    {
        (LeaseRequest request, LeaseGrant grant) = await TakeAsync("a", Long);
        await ExecuteAsync("update failover_leases set epoch = 'other/7'");
        await _store.RenewAsync(request, grant, default);
        await _store.ReleaseAsync(request, default);
        Task waiting = _store.WaitForChangeAsync("a", default).AsTask();
        await using NpgsqlConnection look = new((await one.StartedAsync()).ConnectionString);
        using CancellationTokenSource end = new(Limit);
        using PeriodicTimer pace = new(TimeSpan.FromMilliseconds(20));
        while (!await look.ExecuteScalarAsync<bool>("select exists (select from pg_stat_activity where query like 'WITH here%SELECT EXISTS%' and state = 'idle' and pid <> pg_backend_pid())"))
        {
            await pace.WaitForNextTickAsync(end.Token);
        }

        Assert.False(waiting.IsCompleted);
        await ExecuteAsync("update failover_leases set expires_at = expires_at - interval '5 minutes' where resource = ''");

        await _store.WaitForChangeAsync("a", default).AsTask().WaitAsync(Limit);
        await _store.DisposeAsync();
        await Assert.ThrowsAsync<LeaseStoreException>(() => waiting.WaitAsync(Limit));
    }

    [ServerFact("postgres", "setpriv")]
    public async Task On_a_server_of_Auroras_the_lineage_is_the_database_and_on_others_the_missing_right_is_told()
    {
        string other = $"d{Guid.NewGuid():N}";
        await ExecuteAsync($"create database {other}");
        string superuser = new NpgsqlConnectionStringBuilder((await one.StartedAsync()).ConnectionString) { Database = other, Pooling = false }.ConnectionString;
        await using NpgsqlDataSource worker = NpgsqlDataSource.Create(await LeaseUser.CreateAsync(superuser));
        PostgreSqlLeaseStore store = new(worker, new() { Table = LeaseUser.Table });
        await using NpgsqlConnection connection = new(superuser);
        await connection.ExecuteAsync("revoke execute on function pg_control_system(), pg_walfile_name(pg_lsn) from public");

        LeaseStoreException refused = await Assert.ThrowsAsync<LeaseStoreException>(async () => await store.TakeAsync(Ask("a", "host-a", Long), default));
        Assert.Contains("EXECUTE on pg_control_system(), pg_current_wal_lsn() and pg_walfile_name(pg_lsn)", refused.Message, StringComparison.Ordinal);

        await connection.ExecuteAsync(
            """
            create function pg_catalog.aurora_db_instance_identifier() returns text language sql as $$ select 'writer' $$;
            create function pg_catalog.aurora_replica_status() returns table (server_id text) language sql as $$ values ('writer') $$;
            """);
        LeaseRequest request = Ask("a", "host-a", Long);
        LeaseGrant? grant = (await store.TakeAsync(request, default)).Grant;
        Assert.Equal(other, grant?.Epoch.Lineage);
        Assert.Equal(grant!.Epoch, (await store.RenewAsync(request, grant, default))?.Epoch);
        await store.ReleaseAsync(request, default);
        Assert.True((await store.TakeAsync(Ask("a", "host-b", Long), default)).Grant?.Epoch.Number > grant.Epoch.Number);
    }

    private static LeaseRequest Ask(string resource, string holder, TimeSpan duration) => new(resource, holder, Guid.NewGuid(), duration);

    private async Task<(LeaseRequest Request, LeaseGrant Grant)> TakeAsync(string resource, TimeSpan duration)
    {
        LeaseRequest request = Ask(resource, "host-a", duration);
        return (request, (await _store.TakeAsync(request, default)).Grant!);
    }

    private async Task ExecuteAsync(string statement)
    {
        await using NpgsqlConnection connection = await _source.OpenConnectionAsync();
        await connection.ExecuteAsync(statement);
    }
}
