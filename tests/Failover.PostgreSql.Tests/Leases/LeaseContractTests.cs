using Failover.Arbiters;
using Failover.TestServers;

namespace Failover.PostgreSql.Tests.Leases;

/// <summary>What every store of leases promises, over data sources that follow the primary, for a user that may do no more than the docs say, in the table that their script makes.</summary>
[Collection(OnLeaseServer.Name)]
public sealed class LeaseContractTests(OneServer one) : ArbiterContract, IAsyncLifetime
{
    private readonly List<IAsyncDisposable> _made = [];
    private string _connectionString = "";

    [ServerTheory("postgres", "setpriv")]
    [MemberData(nameof(Promises))]
    public Task Keeps(string promise) => KeepAsync(promise);

    public async Task InitializeAsync() => _connectionString = await LeaseUser.CreateAsync((await one.StartedAsync()).ConnectionString);

    public async Task DisposeAsync()
    {
        foreach (IAsyncDisposable made in _made)
        {
            await made.DisposeAsync();
        }
    }

    protected override ILeaseStore CreateStore()
    {
        FailoverDataSource source = new FailoverDataSourceBuilder("db", _connectionString).Build();
        PostgreSqlLeaseStore store = new(source, new() { Table = LeaseUser.Table, CreateTable = false });
        _made.AddRange([store, source]);
        return store;
    }
}
