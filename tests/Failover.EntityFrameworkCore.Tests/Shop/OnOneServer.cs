namespace Failover.EntityFrameworkCore.Tests.Shop;

/// <summary>The tests that need no failover share one server; they run one after another.</summary>
[CollectionDefinition(Name)]
public sealed class OnOneServer : ICollectionFixture<OneServer>
{
    internal const string Name = "one server";
}
