using System.Transactions;
using Dapper;
using Failover.TestServers;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Failover.PostgreSql.Tests.Leases;

/// <summary>The table of leases: who makes it, what its rows survive, and what counts as told by the server.</summary>
[Collection(OnLeaseServer.Name)]
public sealed class LeaseTableTests(OneServer one) : IAsyncLifetime
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    private NpgsqlDataSource _source = null!;

    public async Task InitializeAsync()
    {
        _source = NpgsqlDataSource.Create((await one.StartedAsync()).ConnectionString);
        await ExecuteAsync("drop table if exists failover_leases");
    }

    public async Task DisposeAsync() => await _source.DisposeAsync();

    [ServerFact("postgres", "setpriv")]
    public async Task Many_that_are_the_first_make_the_table_together_and_one_gets_the_lease()
    {
        for (int round = 0; round < 5; round++)
        {
            await ExecuteAsync("drop table if exists failover_leases");

            LeaseAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(async () => await Store().TakeAsync(Ask($"host-{i}"), default))));

            Assert.Single(answers, answer => answer.Grant is not null);
        }
    }

    [ServerFact("postgres", "setpriv")]
    public async Task A_user_that_may_not_make_the_table_is_told_what_to_run()
    {
        string user = await LeaseUser.CreateAsync((await one.StartedAsync()).ConnectionString);
        await using NpgsqlDataSource worker = NpgsqlDataSource.Create(user);

        LeaseStoreException missing = await Assert.ThrowsAsync<LeaseStoreException>(async () => await new PostgreSqlLeaseStore(worker, new() { Table = "ops.others" }).TakeAsync(Ask("host-a"), default));
        LeaseStoreException absent = await Assert.ThrowsAsync<LeaseStoreException>(async () => await new PostgreSqlLeaseStore(worker, new() { Table = "ops.others", CreateTable = false }).TakeAsync(Ask("host-a"), default));

        Assert.Contains("lacks a right (42501)", missing.Message, StringComparison.Ordinal);
        string statement = missing.Message[missing.Message.IndexOf("CREATE TABLE", StringComparison.Ordinal)..];
        Assert.Equal(Words(LeaseUser.Script.Replace("failover_leases", "\"ops\".\"others\"", StringComparison.Ordinal))[..Words(statement).Length], Words(statement));
        Assert.Equal("the table \"ops\".\"others\" is not there", absent.Message);
    }

    [ServerFact("postgres", "setpriv")]
    public async Task A_user_without_rights_is_told_which_are_needed()
    {
        string user = await LeaseUser.CreateAsync((await one.StartedAsync()).ConnectionString);
        await using NpgsqlDataSource worker = NpgsqlDataSource.Create(user);
        await ExecuteAsync($"revoke update on ops.leases from {new NpgsqlConnectionStringBuilder(user).Username}");

        LeaseStoreException refused = await Assert.ThrowsAsync<LeaseStoreException>(async () => await new PostgreSqlLeaseStore(worker, new() { Table = LeaseUser.Table }).TakeAsync(Ask("host-a"), default));

        Assert.Contains("SELECT, INSERT and UPDATE on \"ops\".\"leases\"", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("leases; drop table orders")]
    [InlineData("leases\"")]
    [InlineData("a.b.c")]
    [InlineData("")]
    [InlineData(null)]
    public void What_is_no_name_of_a_table_is_refused_at_once(string? table)
    {
        using NpgsqlDataSource source = NpgsqlDataSource.Create("Host=127.0.0.1");

        OptionsValidationException refused = Assert.Throws<OptionsValidationException>(() => new PostgreSqlLeaseStore(source, new() { Table = table! }));

        Assert.Equal($"PostgreSqlLeaseOptions:Table ({table ?? "null"}) must be the name of a table, like failover_leases or app.failover_leases.", refused.Message);
    }

    [ServerFact("postgres", "setpriv")]
    public async Task A_resource_without_a_name_or_with_an_endless_one_and_a_time_that_is_none_are_refused()
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await Store().TakeAsync(Ask("host-a") with { Duration = TimeSpan.Zero }, default));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await Store().TakeAsync(Ask("host-a") with { Duration = TimeSpan.MaxValue }, default));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Store().TakeAsync(Ask("host-a") with { Resource = "" }, default));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Store().TakeAsync(Ask("host-a") with { Resource = new string('ö', 1001) }, default));
        Assert.NotNull((await Store().TakeAsync(Ask("host-a") with { Resource = string.Concat(Enumerable.Range(0, 1000).Select(i => (char)(0x4e00 + (i * 7 % 20000))))[..666] }, default)).Grant);
    }

    [ServerFact("postgres", "setpriv")]
    public async Task A_token_grows_although_its_row_or_its_table_was_deleted()
    {
        List<long> tokens = [];
        foreach (string before in new[] { "select 1", "delete from failover_leases", "drop table failover_leases", "update failover_leases set attempt = null" })
        {
            // The clock that a token is made of counts milliseconds.
            await ExecuteAsync($"{before}; select pg_sleep(0.01)");
            tokens.Add((await Store().TakeAsync(Ask("host-a"), default)).Grant!.Epoch.Number);
        }

        Assert.Equal(tokens.Order().Distinct(), tokens);
        Assert.All(tokens, token => Assert.Equal(1, token >> 40));
    }

    [ServerFact("postgres", "setpriv")]
    public async Task A_lease_whose_row_or_table_is_gone_is_over()
    {
        foreach (string loss in new[] { "delete from failover_leases", "drop table failover_leases" })
        {
            LeaseRequest request = Ask("host-a");
            LeaseGrant grant = (await Store().TakeAsync(request, default)).Grant!;
            await ExecuteAsync(loss);

            Assert.Null(await Store().RenewAsync(request, grant, default));
            await Store().ReleaseAsync(request, default);
        }
    }

    [ServerFact("postgres", "setpriv")]
    public async Task A_grant_whose_commit_fails_is_none()
    {
        await Store().ReleaseAsync(Ask("host-a"), default);
        await ExecuteAsync(
            """
            create or replace function refuse() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$;
            create constraint trigger refuse after insert or update on failover_leases deferrable initially deferred for each row when (new.resource <> '') execute function refuse();
            """);

        LeaseStoreException refused = await Assert.ThrowsAsync<LeaseStoreException>(async () => await Store().TakeAsync(Ask("host-a"), default));

        Assert.Equal("PostgreSQL refuses: P0001", refused.Message);
    }

    [ServerTheory("postgres", "setpriv")]
    [InlineData("off", "on")]
    [InlineData("local", "on")]
    [InlineData("remote_apply", "remote_apply")]
    public async Task What_is_told_is_on_disk_whatever_the_session_is_set_to(string session, string expected)
    {
        await Store().ReleaseAsync(Ask("host-a"), default);
        await ExecuteAsync(
            """
            drop table if exists commits;
            create table commits (resource text, how text, lock_timeout text);
            create or replace function note() returns trigger language plpgsql as $$ begin insert into commits values (new.resource, current_setting('synchronous_commit'), current_setting('lock_timeout')); return null; end $$;
            create constraint trigger note after insert or update on failover_leases deferrable initially deferred for each row execute function note();
            """);
        await using NpgsqlDataSource source = NpgsqlDataSource.Create((await one.StartedAsync()).ConnectionString + $";Options=-c synchronous_commit={session}");
        PostgreSqlLeaseStore store = new(source);
        LeaseRequest request = Ask("host-a");

        LeaseGrant grant = (await store.TakeAsync(request, default)).Grant!;
        await store.RenewAsync(request, grant, default);
        await store.ReleaseAsync(request, default);

        await using NpgsqlConnection connection = await _source.OpenConnectionAsync();
        Assert.Equal(Enumerable.Repeat((expected, "6s"), 3), await connection.QueryAsync<(string, string)>("select how, lock_timeout from commits where resource <> ''"));
        await using NpgsqlConnection same = await source.OpenConnectionAsync();
        Assert.Equal((session, "0"), await same.QuerySingleAsync<(string, string)>("select current_setting('synchronous_commit'), current_setting('lock_timeout')"));
    }

    [ServerFact("postgres", "setpriv")]
    public async Task A_transaction_of_the_callers_has_no_part_in_it()
    {
        LeaseRequest request = Ask("host-a");
        using (new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            Assert.NotNull((await Store().TakeAsync(request, default)).Grant);
        }

        Assert.Equal("host-a", (await Store().TakeAsync(request with { Holder = "host-b", Attempt = Guid.NewGuid() }, default)).Holder);
    }

    [ServerFact("postgres", "setpriv")]
    public async Task A_row_that_somebody_locks_is_not_waited_for_longer_than_an_answer_is_of_use()
    {
        LeaseRequest request = Ask("host-a") with { Duration = TimeSpan.FromSeconds(5) };
        await Store().TakeAsync(request, default);
        await using NpgsqlConnection other = await _source.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await other.BeginTransactionAsync();
        await other.ExecuteAsync("select 1 from failover_leases where resource = @Resource for update", new { request.Resource }, transaction);

        LeaseStoreException refused = await Assert.ThrowsAsync<LeaseStoreException>(async () => await Store().RenewAsync(request, new(default, default), default));

        Assert.Equal("PostgreSQL refuses: a lock was not to be had in time (55P03)", refused.Message);
    }

    private static string[] Words(string text) => text.Replace(";", "", StringComparison.Ordinal).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static LeaseRequest Ask(string holder) => new("nightly", holder, Guid.NewGuid(), Long);

    private PostgreSqlLeaseStore Store() => new(_source);

    private async Task ExecuteAsync(string statement)
    {
        await using NpgsqlConnection connection = await _source.OpenConnectionAsync();
        await connection.ExecuteAsync(statement);
    }
}
