namespace Failover.PostgreSql.Tests.Leases;

/// <summary>The tests of leases that share one server.</summary>
[CollectionDefinition(Name)]
public sealed class OnLeaseServer : ICollectionFixture<OneServer>
{
    internal const string Name = "leases";
}
