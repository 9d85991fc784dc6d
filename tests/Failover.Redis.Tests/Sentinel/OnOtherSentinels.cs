using Failover.TestServers.Sentinel;

namespace Failover.Redis.Tests.Sentinel;

/// <summary>The tests that share another set: most of the time of each is spent waiting for sentinels, so several sets are used at the same time.</summary>
[CollectionDefinition(Name)]
public sealed class OnOtherSentinels : ICollectionFixture<SharedSentinels>
{
    internal const string Name = "other sentinels";
}
