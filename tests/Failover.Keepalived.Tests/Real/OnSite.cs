namespace Failover.Keepalived.Tests.Real;

/// <summary>Tests that share a site run one after the other.</summary>
[CollectionDefinition(nameof(OnSite))]
public sealed class OnSite : ICollectionFixture<SharedSite>;
