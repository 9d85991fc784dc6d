namespace Failover.Redis.Tests.Sentinel;

/// <summary>One of three sentinels lies, hangs or talks nonsense; and what is found through them.</summary>
public sealed class SentinelWatchTests : OnTalkingSentinels
{
    [Fact]
    public async Task Members_master_and_epoch_are_found_and_then_nothing_more_is_told()
    {
        WatchedGroup watched = await SettledAsync();

        await AskedAsync(3);

        Assert.Equal([A.Member, B.Member, C.Member], watched.Group.Snapshot.Members.Select(static one => one.Member));
        Assert.Equal(new Epoch("mymaster@00000001", 5), watched.Group.Snapshot.Epoch);
        Assert.Equal((3, 3, 3, true), (watched.View.Known, watched.View.Heard, watched.View.Agreeing, watched.View.HasMajority));
        Assert.Equal((TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(5)), (watched.View.DownAfter, watched.View.FailoverTimeout));
        Assert.Equal(HintKind.LookNow, Assert.Single(watched.Hints).Kind);
        Assert.Equal(["MasterNamed", "SentinelAnswers", "SentinelAnswers", "SentinelAnswers"], watched.Told.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("another master")]
    [InlineData("a higher epoch")]
    [InlineData("no others")]
    [InlineData("a thousand others")]
    [InlineData("other replicas and sentinels")]
    [InlineData("the id of another")]
    [InlineData("garbage")]
    [InlineData("half an answer")]
    [InlineData("a giant answer")]
    [InlineData("errors")]
    [InlineData("nothing")]
    public async Task One_of_three_that_lies_or_fails_changes_nothing(string lie)
    {
        switch (lie)
        {
            case "another master":
                (Liar.Master, Liar.Epoch) = (Rogue, 99);
                break;
            case "a higher epoch":
                Liar.Epoch = 99;
                break;
            case "no others":
                (Liar.Master, Liar.Epoch, Liar.Others, Liar.Sentinels) = (Rogue, 99, 0, []);
                break;
            case "a thousand others":
                Liar.Others = 1000;
                break;
            case "other replicas and sentinels":
                (Liar.Replicas, Liar.Sentinels) = ([Rogue], [(Words.Id(7), Rogue), (Words.Id(8), new("127.0.0.1", 7667))]);
                break;
            case "the id of another":
                (Liar.Id, Liar.Master, Liar.Epoch) = (_sentinels[0].Id, Rogue, 99);
                break;
            case "nothing":
                Liar.Hang();
                break;
            default:
                Liar.Answer = _ => lie switch
                {
                    "garbage" => "HTTP/1.1 400 Bad Request\r\n\r\n",
                    "half an answer" => "*40\r\n$4\r\nname\r\n$8\r\nmyma",
                    "a giant answer" => "$999999999\r\n",
                    _ => "-ERR No such master with that name\r\n",
                };
                break;
        }

        WatchedGroup watched = await SettledAsync();
        await AskedAsync(3, _sentinels[0], _sentinels[1]);

        Assert.Equal([A.Member, B.Member, C.Member], watched.Group.Snapshot.Members.Select(static one => one.Member));
        Assert.Equal((A.Member, 3, 5), (watched.View.Master, watched.View.Known, watched.View.Epoch!.Value.Number));
        Assert.DoesNotContain(watched.View.Sentinels, static one => one.Address.Port is 7666 or 7667);

        foreach (TalkingSentinel honest in _sentinels[..2])
        {
            (honest.Master, honest.Epoch, honest.Replicas) = (B, 6, [A, C]);
        }

        _master = B;
        await watched.UntilAsync(() => watched.Group.Snapshot is { Condition: GroupCondition.Settled, Epoch.Number: 6 } now && now.Active!.Equals(B.Member));
    }

    [Fact]
    public async Task Two_that_fall_silent_are_told_once_each_and_the_last_word_of_most_stands()
    {
        WatchedGroup watched = await SettledAsync();
        await _sentinels[1].DisposeAsync();
        Liar.Hang();

        await watched.UntilAsync(() => watched.Told.Contains("SentinelMajorityLost"));
        int epoch = (int)watched.View.Epoch!.Value.Number;
        (_sentinels[0].Master, _sentinels[0].Epoch) = (B, 6);
        await AskedAsync(2, _sentinels[0]);

        Assert.Equal((A.Member, 5, 1), (watched.View.Master, epoch, watched.View.Heard));
        Assert.Equal(A.Member, watched.Group.Snapshot.Active);
        Assert.Equal(2, watched.Told.Count(static name => name == "SentinelSilent"));
        Assert.DoesNotContain("SentinelUnheard", watched.Told);
        Assert.Contains(watched.View.Sentinels, static one => one.Silence == "no answer in time");
    }

    [Fact]
    public async Task A_higher_epoch_of_the_active_member_does_not_make_the_group_leave_it()
    {
        WatchedGroup watched = await SettledAsync();
        Array.ForEach(_sentinels, static sentinel => sentinel.Epoch = 9);

        await watched.UntilAsync(() => watched.Hints.Any(static hint => hint.QuorumEpoch is { Number: 9 }));

        Assert.Equal((GroupCondition.Settled, A.Member, 9), (watched.Group.Snapshot.Condition, watched.Group.Snapshot.Active, watched.Group.Snapshot.Epoch!.Value.Number));
        Assert.DoesNotContain("Switching", watched.AllTold, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Further_sentinels_that_most_name_are_watched_and_their_words_count()
    {
        WatchedGroup watched = _watched = WatchedGroup.Start([_sentinels[0].Address], new() { Says = member => member.Equals(_master.Member) });

        await watched.UntilAsync(() => watched.View.Heard == 3);

        Assert.Equal(3, watched.View.Sentinels.Length);
        Assert.Equal(2, watched.Told.Count(static name => name == "SentinelFound"));
        Assert.Equal(2, watched.View.Sentinels.Count(static one => !one.IsConfigured));
    }

    [Fact]
    public async Task Sentinels_and_nodes_that_may_not_be_found_are_not_connected_to()
    {
        AllowedMembers allowed = AllowedMembers.Of(["127.0.0.1:7001", "127.0.0.1:7002"], [], onAnyPort: true, verifiesFully: false);
        WatchedGroup watched = _watched = WatchedGroup.Start([_sentinels[0].Address, _sentinels[1].Address], new() { Allowed = allowed, Says = member => member.Equals(_master.Member) });

        await watched.UntilAsync(() => watched.Group.Snapshot.Active is not null);
        await AskedAsync(2, _sentinels[0], _sentinels[1]);

        Assert.Empty(Liar.Commands);
        Assert.Equal([A.Member, B.Member], watched.Group.Snapshot.Members.Select(static one => one.Member));
        Assert.Equal(C.ToString(), watched.View.NodesRefused);
        Assert.Equal(1, watched.Told.Count(static name => name == "RedisNodeRefused"));
    }
}
