using Failover.Redis.Resp;
using Failover.Redis.Sentinel;
using static Failover.Redis.Tests.Sentinel.Words;

namespace Failover.Redis.Tests.Sentinel;

public class SentinelWordTests
{
    private static readonly RespValue AtA = List("10.0.0.1", "6379");
    private static readonly RespValue AtB = List("10.0.0.2", "6379");

    [Fact]
    public void A_word_is_read_whole()
    {
        SentinelWord word = SentinelWord.Read(Id(1), AtA, Master("10.0.0.1", "s_down,o_down,master"), AtA)!
            .With(Items(Listed("10.0.1.2", Id(2)), Listed("10.0.1.3", "no id"), Listed("nonsense host", Id(3))), Items(Listed("10.0.0.2", "x"), RespValue.Null))!;

        Assert.Equal((Id(1), A, 7, true, true, 2, 2), (word.Id, word.Master, word.Epoch, word.IsDown, word.IsAgreedDown, word.Others, word.Quorum));
        Assert.Equal((TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(180), null), (word.DownAfter, word.FailoverTimeout, word.Leaves));
        Assert.Equal([(Id(2), new("10.0.1.2", 6379))], word.Sentinels.ToArray());
        Assert.Equal([B], word.Replicas.ToArray());
    }

    [Fact]
    public void The_leader_of_a_failover_names_the_promoted_node_at_the_new_epoch_and_never_the_old_one_at_it()
    {
        SentinelWord before = SentinelWord.Read(Id(1), AtA, Master("10.0.0.1", "master,failover_in_progress"), AtA)!;
        SentinelWord promoted = SentinelWord.Read(Id(1), AtB, Master("10.0.0.1", "master,failover_in_progress"), AtB)!;

        Assert.Equal((A, A), (before.Master, before.Leaves!.Value));
        Assert.Equal((B, A), (promoted.Master, promoted.Leaves!.Value));
        Assert.Null(SentinelWord.Read(Id(1), AtA, Master("10.0.0.1", "master,failover_in_progress"), AtB));
        Assert.Null(SentinelWord.Read(Id(1), AtA, Master("10.0.0.2", "master"), AtA));
    }

    [Theory]
    [InlineData("config-epoch", "-1")]
    [InlineData("config-epoch", "many")]
    [InlineData("num-other-sentinels", "1001")]
    [InlineData("quorum", "")]
    [InlineData("port", "0")]
    [InlineData("ip", "what is this")]
    public void Nonsense_is_no_word(string field, string value) => Assert.Null(SentinelWord.Read(Id(1), AtA, Master("10.0.0.1", "master", field, value), AtA));

    [Fact]
    public void Answers_of_another_shape_are_no_word()
    {
        RespValue good = Master("10.0.0.1", "master");
        foreach (RespValue bad in (RespValue[])[RespValue.Null, RespValue.OfText("x"), RespValue.OfNumber(1), List(), List("a"), Items(RespValue.Null, RespValue.Null), Items(List("a", "b"), AtA), RespValue.OfError("ERR")])
        {
            Assert.Null(SentinelWord.Read(Id(1), bad, good, AtA));
            Assert.Null(SentinelWord.Read(Id(1), AtA, bad, AtA));
            Assert.Null(SentinelWord.Read(Id(1), AtA, good, bad));
        }

        SentinelWord word = SentinelWord.Read(Id(1), AtA, good, AtA)!;
        Assert.Null(word.With(RespValue.Null, List()));
        Assert.Null(word.With(List(), RespValue.OfText("x")));
        Assert.Null(word.With(Items([.. Enumerable.Repeat(RespValue.Null, SentinelWord.MaxListed + 1)]), List()));
    }

    private static RespValue Master(string host, string flags, string? field = null, string? value = null)
    {
        Dictionary<string, string> fields = new()
        {
            ["name"] = Service, ["ip"] = host, ["port"] = "6379", ["flags"] = flags, ["config-epoch"] = "7", ["num-other-sentinels"] = "2", ["quorum"] = "2", ["down-after-milliseconds"] = "30000", ["failover-timeout"] = "180000",
        };
        if (field is not null)
        {
            fields[field] = value!;
        }

        return List([.. fields.SelectMany(static pair => new[] { pair.Key, pair.Value })]);
    }

    private static RespValue Listed(string host, string id) => List("ip", host, "port", "6379", "runid", id);

    private static RespValue List(params string[] texts) => Items([.. texts.Select(RespValue.OfText)]);

    private static RespValue Items(params RespValue[] items) => RespValue.OfItems([.. items]);
}
