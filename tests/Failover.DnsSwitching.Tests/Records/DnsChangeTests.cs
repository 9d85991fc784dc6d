namespace Failover.DnsSwitching.Tests.Records;

public sealed class DnsChangeTests
{
    private static readonly DnsOwner Us = new("shop", 8, "two");
    private static readonly DnsRecordState Before = new("www.example.com", DnsValues.Parse("192.0.2.1", "192.0.2.2"), TimeSpan.FromSeconds(30), "failover-owner=shop;token=7;op=one");

    [Fact]
    public void A_change_tells_what_it_would_do()
    {
        DnsChange change = new(Before, DnsValues.Parse("192.0.2.2", "192.0.2.3"), TimeSpan.FromSeconds(30), Us);

        Assert.Equal(
            [
                "remove www.example.com A 192.0.2.1",
                "keep www.example.com A 192.0.2.2, TTL 30 s",
                "add www.example.com A 192.0.2.3, TTL 30 s",
                "write _failover.www.example.com TXT \"failover-owner=shop;token=8;op=two\" in the place of \"failover-owner=shop;token=7;op=one\"",
            ],
            change.Steps);
    }

    [Fact]
    public void A_name_of_someone_else_is_not_changed() =>
        Assert.Throws<ArgumentException>(() => new DnsChange(Before with { OwnerText = "heritage=external-dns" }, DnsValues.Parse("192.0.2.3"), TimeSpan.FromSeconds(30), Us));

    [Fact]
    public void Nothing_is_ever_deleted_without_something_in_its_place() =>
        Assert.Throws<ArgumentException>(() => new DnsChange(Before, DnsValues.None, TimeSpan.FromSeconds(30), Us));

    [Theory]
    [InlineData("192.0.2.3", "failover-owner=shop;token=8;op=two", true)]
    [InlineData("192.0.2.3", "failover-owner=shop;token=8;op=three", false)]
    [InlineData("192.0.2.3", "failover-owner=shop;token=9;op=two", false)]
    [InlineData("192.0.2.3", null, false)]
    [InlineData("192.0.2.4", "failover-owner=shop;token=8;op=two", false)]
    public void A_state_is_the_result_of_a_move_only_if_it_bears_its_values_and_its_mark(string value, string? text, bool isResult)
    {
        DnsChange change = new(Before, DnsValues.Parse("192.0.2.3"), TimeSpan.FromSeconds(30), Us);

        Assert.Equal(isResult, new DnsRecordState("www.example.com", DnsValues.Parse(value), TimeSpan.FromSeconds(60), text).IsResultOf(change));
    }
}
