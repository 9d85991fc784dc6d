using Dapper;
using Failover.PostgreSql.Tests.Patroni;
using Failover.TestServers;
using Failover.TestServers.Patroni;
using Npgsql;

namespace Failover.PostgreSql.Tests.Leases;

/// <summary>Two hosts compete for a lease in a real cluster under Patroni while its primary changes.</summary>
[Collection(OnPatroni.Name)]
public sealed class LeaseFailoverTests(SharedPatroni shared)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [ServerFact("patroni", "etcd", "postgres", "setpriv")]
    public async Task A_holder_keeps_its_lease_over_a_planned_switchover_or_loses_it_before_another_gets_it()
    {
        PatroniCluster cluster = await shared.HealthyAsync();
        await using Host a = new("host-a", cluster, TimeSpan.FromSeconds(6));
        await using Host b = new("host-b", cluster, TimeSpan.FromSeconds(6));
        await using ILease held = await a.AcquireAsync();
        long token = held.Token;
        Task<(ILease Lease, bool WasHeld)> next = b.FollowAsync(held);

        PatroniNode primary = await cluster.SwitchoverAsync();
        string epoch = $"{held.Lineage}/{(await primary.StateAsync())!.Timeline}";
        await using NpgsqlConnection connection = new(primary.SuperuserConnectionString);
        using CancellationTokenSource end = new(Limit);
        using PeriodicTimer pace = new(TimeSpan.FromMilliseconds(50));
        while (held.IsValid && await connection.ExecuteScalarAsync<string>("select epoch from failover_leases where resource = 'nightly' and holder = 'host-a'") != epoch)
        {
            await pace.WaitForNextTickAsync(end.Token);
        }

        Assert.Equal(token, held.Token);
        Assert.False(next.IsCompleted && held.IsValid);
        await held.DisposeAsync();
        (ILease lease, bool wasHeld) = await next.WaitAsync(Limit);
        Assert.False(wasHeld);
        Assert.Equal(held.Lineage, lease.Lineage);
        Assert.True(lease.Token > token);
        await lease.DisposeAsync();
    }

    [ServerFact("patroni", "etcd", "postgres", "setpriv")]
    public async Task After_a_crash_of_the_primary_the_next_holder_has_a_higher_token_and_the_former_one_has_stopped()
    {
        PatroniCluster cluster = await shared.HealthyAsync();
        PatroniNode old = await cluster.WaitForPrimaryAsync();
        int timeline = (await old.StateAsync())!.Timeline;
        await using Host a = new("host-a", cluster, TimeSpan.FromSeconds(2));
        await using Host b = new("host-b", cluster, TimeSpan.FromSeconds(2));
        await using ILease held = await a.AcquireAsync();
        Task<(ILease Lease, bool WasHeld)> next = b.FollowAsync(held);

        await old.KillAsync();
        (ILease lease, bool wasHeld) = await next.WaitAsync(Limit);

        Assert.False(wasHeld);
        Assert.False(held.IsValid);
        Assert.Equal(held.Lineage, lease.Lineage);
        Assert.True(lease.Token > held.Token);
        Assert.InRange(lease.Token >> 40, timeline, int.MaxValue);
        await lease.DisposeAsync();
    }

    /// <summary>One host: a data source, a store and an arbiter of its own.</summary>
    private sealed class Host : IAsyncDisposable
    {
        private readonly FailoverDataSource _source;
        private readonly PostgreSqlLeaseStore _store;
        private readonly LeaseArbiter _arbiter;

        internal Host(string name, PatroniCluster cluster, TimeSpan duration)
        {
            _source = new FailoverDataSourceBuilder(name, cluster.ConnectionString).Build();
            _store = new(_source);
            _arbiter = new(_store, new LeaseOptions { Duration = duration, RetryInterval = TimeSpan.FromMilliseconds(200), Holder = name });
        }

        internal async Task<ILease> AcquireAsync()
        {
            using CancellationTokenSource end = new(Limit);
            while (true)
            {
                try
                {
                    if (await _arbiter.TryAcquireAsync("nightly", end.Token) is { } lease)
                    {
                        return lease;
                    }
                }
                catch (LeaseStoreException)
                {
                }

                await _arbiter.WaitAsync("nightly", end.Token);
            }
        }

        /// <summary>Gets the lease when another has lost it, and tells whether that one held it still.</summary>
        internal async Task<(ILease Lease, bool WasHeld)> FollowAsync(ILease other)
        {
            ILease lease = await AcquireAsync();
            return (lease, other.IsValid);
        }

        public async ValueTask DisposeAsync()
        {
            await _store.DisposeAsync();
            await _source.DisposeAsync();
        }
    }
}
