using Failover.TestServers.Patroni;

namespace Failover.PostgreSql.Tests.Following;

/// <summary>The tests of an app that follows a cluster share another one: most of the time of each is spent waiting for Patroni, so two clusters are used at the same time.</summary>
[CollectionDefinition(Name)]
public sealed class OnFollowedPatroni : ICollectionFixture<SharedPatroni>
{
    internal const string Name = "followed patroni";
}
