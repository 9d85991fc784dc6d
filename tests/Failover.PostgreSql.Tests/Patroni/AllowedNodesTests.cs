using Failover.PostgreSql.Nodes;

namespace Failover.PostgreSql.Tests.Patroni;

public class AllowedNodesTests
{
    [Fact]
    public void Only_full_verification_of_TLS_allows_every_host()
    {
        Assert.True(Allowed("Host=pg-a;SSL Mode=VerifyFull").Allows("anywhere.example.org", 6000));
        Assert.False(Allowed("Host=pg-a;SSL Mode=VerifyCA").Allows("anywhere.example.org", 5432));
        Assert.False(Allowed("Host=pg-a").Allows("anywhere.example.org", 5432));
    }

    /// <summary>The rule as a group makes it of its connection string.</summary>
    internal static AllowedMembers Allowed(string connectionString, params string[] patterns)
    {
        ClusterString cluster = ClusterString.Read(connectionString, out _)!;
        return AllowedMembers.Of(patterns, cluster.Members, onAnyPort: false, cluster.VerifiesFully);
    }
}
