using Dapper;
using Failover.TestServers;
using Npgsql;

namespace Failover.PostgreSql.Tests.Leases;

/// <summary>How a host that waits learns that a lease was given back.</summary>
[Collection(OnLeaseServer.Name)]
public sealed class LeaseListeningTests(OneServer one) : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private NpgsqlDataSource _source = null!;
    private PostgreSqlLeaseStore _store = null!;
    private string _name = "";

    public async Task InitializeAsync()
    {
        _name = $"listener {Guid.NewGuid():N}";
        _source = NpgsqlDataSource.Create((await one.StartedAsync()).ConnectionString + $";Application Name={_name}");
        _store = new(_source);
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync().AsTask().WaitAsync(Limit);
        await _source.DisposeAsync();
    }

    [ServerFact("postgres", "setpriv")]
    public async Task Who_waits_is_told_of_a_release_of_its_own_resource_and_not_of_others()
    {
        (LeaseRequest mine, LeaseRequest other) = (await TakeAsync(), await TakeAsync());
        Task waiting = _store.WaitForChangeAsync(mine.Resource, default).AsTask();
        Task waitingForOther = _store.WaitForChangeAsync(other.Resource, default).AsTask();
        await ListenersAsync(1);

        await _store.ReleaseAsync(mine, default);
        await waiting.WaitAsync(Limit);
        Assert.False(waitingForOther.IsCompleted);

        await _store.ReleaseAsync(other, default);
        await waitingForOther.WaitAsync(Limit);
        await ListenersAsync(1);
    }

    [ServerFact("postgres", "setpriv")]
    public async Task What_was_given_back_before_the_wait_began_is_found_at_once()
    {
        LeaseRequest request = await TakeAsync();
        await _store.ReleaseAsync(request, default);

        await _store.WaitForChangeAsync(request.Resource, default).AsTask().WaitAsync(Limit);
    }

    [ServerFact("postgres", "setpriv")]
    public async Task A_wait_ends_with_its_token_and_leaves_the_connection_to_the_next()
    {
        LeaseRequest request = await TakeAsync();
        for (int i = 0; i < 3; i++)
        {
            using CancellationTokenSource end = new();
            Task waiting = _store.WaitForChangeAsync(request.Resource, end.Token).AsTask();
            await ListenersAsync(1);
            await end.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Limit));
        }
    }

    [ServerFact("postgres", "setpriv")]
    public async Task A_connection_that_breaks_is_told_and_the_next_wait_makes_another()
    {
        LeaseRequest request = await TakeAsync();
        Task waiting = _store.WaitForChangeAsync(request.Resource, default).AsTask();
        await ListenersAsync(1);

        await using (NpgsqlConnection connection = await _source.OpenConnectionAsync())
        {
            await connection.ExecuteAsync("select pg_terminate_backend(pid) from pg_stat_activity where application_name = @name and query like 'LISTEN%'", new { name = _name });
        }

        await Assert.ThrowsAsync<LeaseStoreException>(() => waiting.WaitAsync(Limit));
        Task again = _store.WaitForChangeAsync(request.Resource, default).AsTask();
        await ListenersAsync(1);
        await _store.ReleaseAsync(request, default);
        await again.WaitAsync(Limit);
    }

    [ServerFact("postgres", "setpriv")]
    public async Task A_store_that_is_disposed_of_ends_its_connection_and_who_waits_and_goes_on_keeping_leases()
    {
        LeaseRequest request = await TakeAsync();
        Task waiting = _store.WaitForChangeAsync(request.Resource, default).AsTask();
        await ListenersAsync(1);

        await _store.DisposeAsync().AsTask().WaitAsync(Limit);

        await Assert.ThrowsAsync<LeaseStoreException>(() => waiting.WaitAsync(Limit));
        await ListenersAsync(0);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await _store.WaitForChangeAsync(request.Resource, default));
        await _store.ReleaseAsync(request, default);
    }

    [ServerFact("postgres", "setpriv")]
    public async Task Without_listening_no_connection_is_kept_and_the_arbiter_is_told_to_look_by_itself()
    {
        LeaseRequest request = await TakeAsync();
        await using PostgreSqlLeaseStore polling = new(_source, new() { Listen = false });

        await Assert.ThrowsAsync<LeaseStoreException>(async () => await polling.WaitForChangeAsync(request.Resource, default));

        await ListenersAsync(0);
    }

    private async Task<LeaseRequest> TakeAsync()
    {
        LeaseRequest request = new($"nightly {Guid.NewGuid():N}", "host-a", Guid.NewGuid(), Limit);
        Assert.NotNull((await _store.TakeAsync(request, default)).Grant);
        return request;
    }

    /// <summary>Waits until so many connections listen, and what they were asked for last is that.</summary>
    private async Task ListenersAsync(int count)
    {
        await using NpgsqlConnection connection = new((await one.StartedAsync()).ConnectionString);
        using CancellationTokenSource end = new(Limit);
        using PeriodicTimer pace = new(TimeSpan.FromMilliseconds(20));
        while (await connection.ExecuteScalarAsync<int>("select count(*)::int from pg_stat_activity where application_name = @name and query like 'LISTEN%' and state = 'idle'", new { name = _name }) != count)
        {
            await pace.WaitForNextTickAsync(end.Token);
        }
    }
}
