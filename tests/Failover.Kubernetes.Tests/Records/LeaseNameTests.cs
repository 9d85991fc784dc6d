using Failover.Kubernetes.Records;
using System.Security.Cryptography;
using System.Text;

namespace Failover.Kubernetes.Tests.Records;

public class LeaseNameTests
{
    private const string Hash = "0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("nightly", "failover-nightly")]
    [InlineData("orders.eu-1", "failover-orders.eu-1")]
    [InlineData("Nightly", "failover-nightly-#")]
    [InlineData("Übergabe; DROP TABLE", "failover-bergabe-drop-table-#")]
    [InlineData("a/b", "failover-a-b-#")]
    [InlineData("//", "failover-x-#")]
    [InlineData("a-", "failover-a-#")]
    [InlineData("a..b", "failover-a-b-#")]
    [InlineData($"x-{Hash}", $"failover-x-{Hash}-#")]
    public void A_resource_that_is_no_name_gets_one_that_can_be_read_and_has_its_hash(string resource, string name) =>
        Assert.Equal(name.Replace("#", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(resource)))[..32], StringComparison.Ordinal), LeaseName.Of("failover-", resource));

    [Theory]
    [InlineData("failover-")]
    [InlineData("")]
    public void Names_are_valid_and_different_whatever_resources_are_called(string prefix)
    {
        const string Alphabet = "aB-./ ä0";
        string[] resources =
        [
            .. Alphabet.SelectMany(first => Alphabet.SelectMany(second => Alphabet.Select(third => $"{first}{second}{third}"))),
            new('x', 200), new('x', 300), new string('x', 300) + "y", new('ä', 300), $"x-{Hash}", Hash,

            // What another is mapped to.
            LeaseName.Of("", "A"), LeaseName.Of("", "a/b"),
        ];

        string[] names = [.. resources.Select(resource => LeaseName.Of(prefix, resource))];

        Assert.All(names, static name => Assert.Matches(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$", name));
        Assert.All(names, static name => Assert.InRange(name.Length, 1, 253));
        Assert.Equal(names.Length, names.Distinct().Count());
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("nobody", null)]
    [InlineData($"host_a_{Hash}", "host_a")]
    [InlineData("elector_0a1b", "elector_0a1b")]
    [InlineData($"_{Hash}", $"_{Hash}")]
    public void Who_holds_a_lease_is_read_from_the_identity(string? identity, string? holder) => Assert.Equal(holder, HolderIdentity.NameOf(identity));
}
