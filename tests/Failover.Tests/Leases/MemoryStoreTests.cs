using Failover.Arbiters;

namespace Failover.Tests.Leases;

/// <summary>The store that other tests stand on keeps what every store promises.</summary>
public sealed class MemoryStoreTests : ArbiterContract
{
    private readonly MemoryStore _store = new(TimeProvider.System);

    protected override TimeSpan Duration => TimeSpan.FromSeconds(1);

    protected override ILeaseStore CreateStore() => _store;

    [Theory]
    [MemberData(nameof(Promises))]
    public Task Keeps(string promise) => KeepAsync(promise);
}
