namespace Failover.Keepalived.Tests.Real;

/// <summary>Tests that share another site: most of the time of each is spent waiting for keepalived, so two sites are used at the same time.</summary>
[CollectionDefinition(nameof(OnOtherSite))]
public sealed class OnOtherSite : ICollectionFixture<SharedSite>;
