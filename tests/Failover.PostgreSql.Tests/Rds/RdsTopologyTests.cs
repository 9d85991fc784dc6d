using Failover.PostgreSql.Nodes;
using Failover.PostgreSql.Patroni;
using Failover.PostgreSql.Rds;

namespace Failover.PostgreSql.Tests.Rds;

public class RdsTopologyTests
{
    private static readonly FailoverMember Asked = ClusterString.MemberOf(null, "shop.cluster-abc.eu-west-1.rds.amazonaws.com", 5433);

    [Theory]
    [InlineData("shop.cluster-abc.eu-west-1.rds.amazonaws.com")]
    [InlineData("shop.cluster-ro-abc.eu-west-1.rds.amazonaws.com")]
    [InlineData("shop.cluster-custom-abc.eu-west-1.rds.amazonaws.com")]
    [InlineData("shop-1.abc.eu-west-1.rds.amazonaws.com")]
    public void An_instance_of_Aurora_stands_in_the_domain_of_what_was_asked(string host) => Assert.Equal("shop-2.abc.eu-west-1.rds.amazonaws.com", RdsTopology.EndpointOf("shop-2", host));

    [Theory]
    [InlineData("shop-2", "localhost")]
    [InlineData("shop-2", "10.0.0.1")]
    [InlineData("evil.example.com/", "shop-1.abc.eu-west-1.rds.amazonaws.com")]
    [InlineData("", "shop-1.abc.eu-west-1.rds.amazonaws.com")]
    [InlineData(null, "shop-1.abc.eu-west-1.rds.amazonaws.com")]
    public void Of_anything_else_no_endpoint_is_made(string? instance, string host) => Assert.Null(RdsTopology.EndpointOf(instance, host));

    [Fact]
    public void Instances_of_Aurora_are_named_as_they_are_and_one_is_the_writer()
    {
        PatroniView view = RdsTopology.Read([("shop-1", false, null, null), ("shop-2", true, null, null)], Asked)!;

        Assert.Equal([("shop-1", "replica", "shop-1.abc.eu-west-1.rds.amazonaws.com", 5433), ("shop-2", "leader", "shop-2.abc.eu-west-1.rds.amazonaws.com", 5433)], view.Nodes.Select(node => (node.Name, node.Role, node.Host!, node.Port)));
        Assert.Equal("shop-2", view.Leader!.Name);
    }

    [Theory]
    [InlineData("shop.cluster-abc.eu-west-1.rds.amazonaws.com", true)]
    [InlineData("shop.abc.cn-north-1.rds.amazonaws.com.cn", true)]
    [InlineData("rds.amazonaws.com.example.com", false)]
    [InlineData("pg-a", false)]
    public void Hosts_of_RDS_are_known_by_their_domain(string host, bool isOne) => Assert.Equal(isOne, RdsTopology.IsRds(host));

    [Fact]
    public void A_list_without_a_writer_or_with_two_or_with_nobody_is_none()
    {
        Assert.Null(RdsTopology.Read([], Asked));
        Assert.Null(RdsTopology.Read([("a", false, null, null)], Asked));
        Assert.Null(RdsTopology.Read([("a", true, null, null), ("b", true, null, null)], Asked));
        Assert.Null(RdsTopology.Read([("a", true, " ", null)], Asked));
        Assert.Null(RdsTopology.Read([.. Enumerable.Range(0, 65).Select(number => ($"a{number}", number == 0, (string?)null, (int?)null))], Asked));
    }
}
