using Failover.TestServers.Sentinel;

namespace Failover.Redis.Tests.Following;

/// <summary>The tests of an app that follows a set: they share a third one.</summary>
[CollectionDefinition(Name)]
public sealed class OnFollowedSentinels : ICollectionFixture<SharedSentinels>
{
    internal const string Name = "followed sentinels";
}
