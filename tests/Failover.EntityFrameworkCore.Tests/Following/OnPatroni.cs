using Failover.TestServers.Patroni;

namespace Failover.EntityFrameworkCore.Tests.Following;

/// <summary>The tests that share one cluster: they run one after another, and each begins with a healthy one.</summary>
[CollectionDefinition(Name)]
public sealed class OnPatroni : ICollectionFixture<SharedPatroni>
{
    internal const string Name = "patroni";
}
