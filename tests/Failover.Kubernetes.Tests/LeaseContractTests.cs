using Failover.Arbiters;
using Failover.Kubernetes.Records;
using Failover.Kubernetes.Tests.ApiServer;

namespace Failover.Kubernetes.Tests;

/// <summary>What every store promises, over an API server as a pod sees it.</summary>
public sealed class LeaseContractTests : ArbiterContract, IAsyncLifetime
{
    private readonly List<KubernetesLeaseStore> _stores = [];
    private FakeApiServer _server = null!;

    public async Task InitializeAsync() => _server = await FakeApiServer.StartAsync(TimeProvider.System);

    public async Task DisposeAsync()
    {
        _stores.ForEach(static store => store.Dispose());
        await _server.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Promises))]
    public Task Keeps(string promise) => KeepAsync(promise);

    /// <inheritdoc/>
    protected override ILeaseStore CreateStore()
    {
        KubernetesLeaseStore store = new(new(), _server.Client(FakeApiServer.Pod));
        lock (_stores)
        {
            _stores.Add(store);
        }

        return store;
    }

    /// <summary>The first grant of all comes after a wait: here that is over, and the lease was held once, and given back.</summary>
    protected override Task PrepareAsync(string resource)
    {
        _server.Leases.Create(FakeApiServer.Space, Given.ReleasedLease(LeaseName.Of("failover-", resource)));
        return Task.CompletedTask;
    }
}
