using System.Data.Common;
using Failover.TestServers;
using Failover.TestServers.Streaming;
using Npgsql;

namespace Failover.PostgreSql.Tests.Leases;

/// <summary>An asynchronous standby that is promoted without the last of what its primary had told as done.</summary>
public sealed class LeaseLossTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    [ServerFact("postgres", "setpriv")]
    public async Task What_was_lost_with_the_primary_is_waited_for_and_tokens_grow()
    {
        await using StreamingPair pair = await StreamingPair.StartAsync();
        await using FailoverDataSource sourceA = new FailoverDataSourceBuilder("a", pair.ConnectionString).Build();
        await using FailoverDataSource sourceB = new FailoverDataSourceBuilder("b", pair.ConnectionString).Build();
        await using PostgreSqlLeaseStore a = new(sourceA);
        await using PostgreSqlLeaseStore b = new(sourceB);
        (LeaseRequest kept, LeaseGrant keptGrant) = await TakeAsync(a, "kept", Long);
        await TakeAsync(a, "silent", Long);
        (LeaseRequest passed, _) = await TakeAsync(a, "passed on", Short);
        await CaughtUpAsync(pair);

        await using (NpgsqlDataSource standby = NpgsqlDataSource.Create(pair.Standby.ConnectionString))
        {
            LeaseStoreException refused = await Assert.ThrowsAsync<LeaseStoreException>(async () => await new PostgreSqlLeaseStore(standby).TakeAsync(Ask("never", "host-s", Short), default));
            Assert.Equal("PostgreSQL refuses: read-only (25006)", refused.Message);
        }

        // The standby hears of none of this.
        await pair.Standby.KillAsync();
        (LeaseRequest lost, LeaseGrant lostGrant) = await TakeAsync(a, "lost", Short);
        await a.ReleaseAsync(passed, default);
        (LeaseRequest next, LeaseGrant nextGrant) = await TakeAsync(b, "passed on", Short);
        await pair.Primary.KillAsync();
        await pair.Standby.StartAgainAsync();
        await pair.PromoteStandbyAsync();

        // What is lost is over; what is not is held on.
        Assert.Null(await SoonAsync(token => a.RenewAsync(lost, lostGrant, token)));
        Assert.Null(await SoonAsync(token => b.RenewAsync(next, nextGrant, token)));
        Assert.Equal(keptGrant.Epoch, (await a.RenewAsync(kept, keptGrant, default))?.Epoch);
        foreach (string resource in new[] { "kept", "silent", "passed on", "lost", "never" })
        {
            LeaseAnswer answer = await b.TakeAsync(Ask(resource, "host-b", Long), default);
            Assert.Null(answer.Grant);
            Assert.InRange(answer.RetryAfter!.Value, Long / 2, Long);
        }

        LeaseGrant again = await GrantedAsync(b, "lost");
        Assert.Equal(lostGrant.Epoch.Lineage, again.Epoch.Lineage);
        Assert.True(again.Epoch.Number > lostGrant.Epoch.Number);
        Assert.Equal((1, 2), (lostGrant.Epoch.Number >> 40, again.Epoch.Number >> 40));
        Assert.Null(again.Unreleased);

        // That host-a had given it back is lost; who holds for longer is waited for longer.
        LeaseGrant passedAgain = await GrantedAsync(b, "passed on");
        Assert.True(passedAgain.Epoch.Number > nextGrant.Epoch.Number);
        Assert.Equal("host-a", passedAgain.Unreleased);
        Assert.Equal("host-a", (await b.TakeAsync(Ask("kept", "host-b", Short), default)).Holder);
        Assert.Equal("host-a", (await b.TakeAsync(Ask("silent", "host-b", Short), default)).Holder);
        Assert.NotNull((await b.TakeAsync(Ask("never", "host-b", Short), default)).Grant);

        await a.ReleaseAsync(kept, default);
        Assert.NotNull((await b.TakeAsync(Ask("kept", "host-b", Short), default)).Grant);
    }

    [ServerFact("postgres", "setpriv")]
    public async Task A_table_that_begins_after_a_promotion_may_have_had_leases_before()
    {
        await using StreamingPair pair = await StreamingPair.StartAsync();
        await pair.Primary.KillAsync();
        await pair.PromoteStandbyAsync();
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(pair.Standby.ConnectionString);

        Assert.Null((await new PostgreSqlLeaseStore(source).TakeAsync(Ask("first", "host-a", Short), default)).Grant);
        await GrantedAsync(new(source), "first");
    }

    [ServerTheory("postgres", "setpriv")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_that_freezes_holds_nobody_longer_than_the_token(bool follows)
    {
        await using StreamingPair pair = await StreamingPair.StartAsync();
        await using DbDataSource source = follows ? new FailoverDataSourceBuilder("db", pair.Primary.ConnectionString).Build() : NpgsqlDataSource.Create(pair.Primary.ConnectionString);
        await using PostgreSqlLeaseStore store = new(source);
        (LeaseRequest request, LeaseGrant grant) = await TakeAsync(store, "nightly", Long);

        pair.Primary.Freeze();
        Func<CancellationToken, Task>[] calls = [async token => await store.RenewAsync(request, grant, token), async token => await store.TakeAsync(Ask("other", "host-b", Long), token), async token => await store.WaitForChangeAsync("nightly", token)];
        foreach (Func<CancellationToken, Task> call in calls)
        {
            using CancellationTokenSource deadline = new(TimeSpan.FromMilliseconds(200));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call(deadline.Token).WaitAsync(Limit));
        }

        pair.Primary.Thaw();
        Assert.Equal(grant.Epoch, (await SoonAsync(token => store.RenewAsync(request, grant, token)))?.Epoch);
    }

    private static LeaseRequest Ask(string resource, string holder, TimeSpan duration) => new(resource, holder, Guid.NewGuid(), duration);

    private static async Task<(LeaseRequest Request, LeaseGrant Grant)> TakeAsync(PostgreSqlLeaseStore store, string resource, TimeSpan duration)
    {
        LeaseRequest request = Ask(resource, "host-a", duration);
        return (request, (await store.TakeAsync(request, default).AsTask().WaitAsync(Limit)).Grant!);
    }

    private static async Task CaughtUpAsync(StreamingPair pair)
    {
        await using NpgsqlDataSource primary = NpgsqlDataSource.Create(pair.Primary.SuperuserConnectionString);
        using CancellationTokenSource end = new(Limit);
        using PeriodicTimer pace = new(TimeSpan.FromMilliseconds(20));
        while (!(bool)(await primary.CreateCommand("select coalesce(bool_and(replay_lsn >= pg_current_wal_lsn()), false) from pg_stat_replication").ExecuteScalarAsync(end.Token))!)
        {
            await pace.WaitForNextTickAsync(end.Token);
        }
    }

    /// <summary>Asks until there is an answer: as long as no primary is proven there is none.</summary>
    private static async Task<T> SoonAsync<T>(Func<CancellationToken, ValueTask<T>> ask)
    {
        using CancellationTokenSource end = new(Limit);
        while (true)
        {
            try
            {
                return await ask(end.Token);
            }
            catch (Exception failure) when (failure is LeaseStoreException or NpgsqlException && !end.IsCancellationRequested)
            {
                await Task.Yield();
            }
        }
    }

    private static async Task<LeaseGrant> GrantedAsync(PostgreSqlLeaseStore store, string resource)
    {
        using CancellationTokenSource end = new(Limit);
        using PeriodicTimer pace = new(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            if ((await store.TakeAsync(Ask(resource, "host-b", Short), end.Token)).Grant is { } grant)
            {
                return grant;
            }

            await pace.WaitForNextTickAsync(end.Token);
        }
    }
}
