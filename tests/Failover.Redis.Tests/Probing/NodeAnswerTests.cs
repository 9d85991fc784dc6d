using Failover.Redis.Probing;

namespace Failover.Redis.Tests.Probing;

public class NodeAnswerTests
{
    [Fact]
    public void A_master_tells_its_log_how_far_it_is_and_whom_it_feeds()
    {
        NodeAnswer answer = NodeAnswer.Read(Info.Master(1234, Info.Log, Info.Former, 900))!;

        Assert.True(answer.IsMaster);
        Assert.Equal((Info.Log, 1234, Info.Former, 900), (answer.Log, answer.Offset, answer.FormerLog, answer.FormerEnd));
        Assert.Equal([new FedReplica("10.0.0.2", 6379, true, 1234), new FedReplica("10.0.0.3", 6380, false, 0)], answer.Replicas.AsEnumerable());
    }

    [Fact]
    public void A_master_that_was_never_promoted_goes_on_from_no_log()
    {
        NodeAnswer answer = NodeAnswer.Read(Info.Master(0))!;

        Assert.Null(answer.FormerLog);
        Assert.Equal(-1, answer.FormerEnd);
    }

    [Fact]
    public void A_replica_tells_what_it_has_done_not_what_it_has_read()
    {
        NodeAnswer answer = NodeAnswer.Read(Info.Replica(700))!;

        Assert.False(answer.IsMaster);
        Assert.Equal(700, answer.Offset);
        Assert.True(answer.IsLinkUp);
        Assert.False(answer.IsCopying);
        Assert.Null(answer.LinkDownFor);
    }

    [Fact]
    public void A_replica_tells_since_when_it_has_lost_its_master()
    {
        NodeAnswer lost = NodeAnswer.Read(Info.Replica(700, downFor: 9))!;
        NodeAnswer never = NodeAnswer.Read(Info.Replica(700, downFor: -1, isCopying: true))!;

        Assert.Equal((false, TimeSpan.FromSeconds(9)), (lost.IsLinkUp, lost.LinkDownFor));
        Assert.Equal((false, null), (never.IsLinkUp, never.LinkDownFor));
        Assert.True(never.IsCopying);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("PONG")]
    [InlineData("role:sentinel\r\nmaster_replid:042e2aafc0555e7d193493fe85da44a7c84fdb13\r\nmaster_repl_offset:1\r\n")]
    [InlineData("role:master\r\nmaster_repl_offset:1\r\n")]
    [InlineData("role:master\r\nmaster_replid:042e\r\nmaster_repl_offset:1\r\n")]
    [InlineData("role:master\r\nmaster_replid:x42e2aafc0555e7d193493fe85da44a7c84fdb13\r\nmaster_repl_offset:1\r\n")]
    [InlineData("role:master\r\nmaster_replid:042e2aafc0555e7d193493fe85da44a7c84fdb13\r\n")]
    [InlineData("role:master\r\nmaster_replid:042e2aafc0555e7d193493fe85da44a7c84fdb13\r\nmaster_repl_offset:-1\r\n")]
    [InlineData("role:master\r\nmaster_replid:042e2aafc0555e7d193493fe85da44a7c84fdb13\r\nmaster_repl_offset:99999999999999999999\r\n")]
    [InlineData("role:slave\r\nmaster_replid:042e2aafc0555e7d193493fe85da44a7c84fdb13\r\nmaster_repl_offset:1\r\n")]
    [InlineData("<html>role:master</html>")]
    public void What_is_no_answer_is_none(string? text) => Assert.Null(NodeAnswer.Read(text));

    [Fact]
    public void Of_a_line_that_stands_there_twice_the_first_counts_and_strange_replicas_are_passed_over()
    {
        NodeAnswer answer = NodeAnswer.Read($"role:master\r\nrole:slave\r\nslave0:ip=,port=70000,offset=x\r\nslave1:nonsense,,==\r\nmaster_replid:{Info.Log}\r\nmaster_repl_offset:5\r\nmaster_replid2:{Info.Former}\r\nsecond_repl_offset:-3\r\n")!;

        Assert.True(answer.IsMaster);
        Assert.Empty(answer.Replicas);
        Assert.Null(answer.FormerLog);
    }
}
