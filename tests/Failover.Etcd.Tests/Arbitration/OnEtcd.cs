namespace Failover.Etcd.Tests.Arbitration;

/// <summary>The tests that share one cluster.</summary>
[CollectionDefinition(Name)]
public sealed class OnEtcd : ICollectionFixture<SharedEtcd>
{
    internal const string Name = "etcd";
}
