using Failover.TestServers.Dns;

namespace Failover.DnsSwitching.Tests.Keepers;

/// <summary>The tests of keepers have name servers of their own: most of their time they wait for leases, beside the tests that ask servers.</summary>
[CollectionDefinition("kept names")]
public sealed class OnKeptNames : ICollectionFixture<SharedNameServers>;
