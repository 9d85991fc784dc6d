using Failover.Keepalived.Sites;

namespace Failover.Keepalived.Tests.Sites;

public class VrrpClaimTests
{
    [Fact]
    public void A_claim_is_read_as_it_was_told()
    {
        foreach (VrrpRole role in Enum.GetValues<VrrpRole>())
        {
            foreach (Credit credit in Enum.GetValues<Credit>())
            {
                Assert.Equal(new VrrpClaim(role, credit), VrrpClaim.Read(new VrrpClaim(role, credit).ToString()));
                VrrpClaim full = new(role, credit, 50, "10.77.0.100");
                Assert.Equal(full, VrrpClaim.Read(full.ToString()));
            }
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("master")]
    [InlineData("master 200")]
    [InlineData("7 ready")]
    [InlineData("master ready and")]
    [InlineData("master ready and much more")]
    [InlineData("queen ready")]
    public void What_is_no_claim_is_none(string? value) => Assert.Null(VrrpClaim.Read(value));
}
