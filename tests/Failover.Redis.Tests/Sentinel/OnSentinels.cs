using Failover.TestServers.Sentinel;

namespace Failover.Redis.Tests.Sentinel;

/// <summary>The tests that share one set: they run one after another, and each begins with a healthy one.</summary>
[CollectionDefinition(Name)]
public sealed class OnSentinels : ICollectionFixture<SharedSentinels>
{
    internal const string Name = "sentinels";
}
