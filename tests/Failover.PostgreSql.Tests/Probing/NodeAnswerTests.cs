using Failover.PostgreSql.Probing;

namespace Failover.PostgreSql.Tests.Probing;

public class NodeAnswerTests
{
    [Fact]
    public void A_primary_tells_its_timeline_by_the_log_file_that_it_writes() =>
        Assert.Equal(
            new NodeAnswer(IsInRecovery: false, IsReadOnly: false, new Epoch("7712222581442952149", 0x1F), 0x16_B374D848),
            NodeAnswer.Read(["f", "off", "7712222581442952149", "0000001F", "16/B374D848"]));

    [Fact]
    public void A_standby_tells_its_timeline_in_decimals_and_may_have_replayed_nothing_yet() =>
        Assert.Equal(
            new NodeAnswer(IsInRecovery: true, IsReadOnly: true, new Epoch("1", 31), null),
            NodeAnswer.Read(["t", "on", "1", "31", null]));

    [Theory]
    [InlineData("x", "off", "1", "00000001", "0/0")]
    [InlineData(null, "off", "1", "00000001", "0/0")]
    [InlineData("f", "yes", "1", "00000001", "0/0")]
    [InlineData("f", "off", "", "00000001", "0/0")]
    [InlineData("f", "off", null, "00000001", "0/0")]
    [InlineData("f", "off", "-1", "00000001", "0/0")]
    [InlineData("f", "off", "99999999999999999999", "00000001", "0/0")]
    [InlineData("f", "off", "1", "00000000", "0/0")]
    [InlineData("f", "off", "1", "0000000G", "0/0")]
    [InlineData("f", "off", "1", null, "0/0")]
    [InlineData("t", "on", "1", "1F", "0/0")]
    [InlineData("f", "off", "1", "00000001", "0")]
    [InlineData("f", "off", "1", "00000001", "/0")]
    [InlineData("f", "off", "1", "00000001", "0/")]
    [InlineData("f", "off", "1", "00000001", "80000000/0")]
    [InlineData("f", "off", "1", "00000001", "0/100000000")]
    public void Anything_else_is_no_answer(string? recovery, string? readOnly, string? lineage, string? timeline, string? position) =>
        Assert.Null(NodeAnswer.Read([recovery, readOnly, lineage, timeline, position]));

    [Fact]
    public void An_answer_of_another_width_is_none() => Assert.Null(NodeAnswer.Read(["f", "off", "1", "00000001"]));
}
