using Failover.TestServers.Dns;

namespace Failover.DnsSwitching.Tests;

[CollectionDefinition("name servers")]
public sealed class OnNameServers : ICollectionFixture<SharedNameServers>;
