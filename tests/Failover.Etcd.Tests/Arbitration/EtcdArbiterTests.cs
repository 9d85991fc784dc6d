using Failover.Arbiters;
using Failover.TestServers;
using Failover.TestServers.Servers;

namespace Failover.Etcd.Tests.Arbitration;

/// <summary>What every arbiter promises, over a real cluster of three. Each host names another member first.</summary>
[Collection(OnEtcd.Name)]
public sealed class EtcdArbiterTests(SharedEtcd shared) : ArbiterContract, IDisposable
{
    private readonly List<EtcdLeaseStore> _stores = [];
    private IReadOnlyList<EtcdServer> _members = [];

    [ServerTheory("etcd", "etcdctl")]
    [MemberData(nameof(Promises))]
    public async Task Keeps(string promise)
    {
        _members = await shared.HealthyAsync();
        await KeepAsync(promise);
    }

    public void Dispose() => _stores.ForEach(static store => store.Dispose());

    protected override ILeaseStore CreateStore()
    {
        int first = _stores.Count % _members.Count;
        EtcdLeaseStore store = new(EtcdLeases.At([.. _members.Skip(first), .. _members.Take(first)]));
        _stores.Add(store);
        return store;
    }
}
