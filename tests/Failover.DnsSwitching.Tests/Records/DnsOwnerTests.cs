namespace Failover.DnsSwitching.Tests.Records;

public sealed class DnsOwnerTests
{
    [Theory]
    [InlineData("failover-owner=shop;token=7;op=3f2a")]
    [InlineData("failover-owner=shop;op=3f2a")]
    [InlineData("failover-owner=shop.eu_1;token=9223372036854775807;op=A-1")]
    public void What_an_owner_writes_it_reads_again(string text) => Assert.Equal(text, DnsOwner.Parse(text)?.ToString());

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("v=spf1 -all")]
    [InlineData("failover-owner=shop")]
    [InlineData("failover-owner=;op=1")]
    [InlineData("failover-owner=shop;op=")]
    [InlineData("failover-owner=shop;token=;op=1")]
    [InlineData("failover-owner=shop;token=-1;op=1")]
    [InlineData("failover-owner=shop;token=+1;op=1")]
    [InlineData("failover-owner=shop;token=9223372036854775808;op=1")]
    [InlineData("failover-owner=shop;token=1;token=2;op=1")]
    [InlineData("failover-owner=shop;op=1;token=1")]
    [InlineData("failover-owner=shop; token=1; op=1")]
    [InlineData("failover-owner=shop;token=1;op=1;")]
    [InlineData("failover-owner=sh op;token=1;op=1")]
    [InlineData("heritage=external-dns,external-dns/owner=other")]
    public void Any_other_text_is_someone_elses(string? text) => Assert.Null(DnsOwner.Parse(text));

    [Theory]
    [InlineData("a;b", 1L, "op")]
    [InlineData("shop", -1L, "op")]
    [InlineData("shop", null, "")]
    [InlineData("shop", null, "a\"b")]
    public void A_word_that_could_not_be_read_again_is_refused(string app, long? token, string operation) =>
        Assert.Throws<ArgumentException>(() => new DnsOwner(app, token, operation));
}
