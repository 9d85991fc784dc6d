namespace Failover.Redis.Tests.Sentinel;

/// <summary>What sentinels publish while they move the master, too late, and while they lie.</summary>
public sealed class SentinelFailoverTests : OnTalkingSentinels
{
    [Fact]
    public async Task A_failover_is_announced_and_followed_and_what_is_said_late_is_ignored()
    {
        WatchedGroup watched = await SettledAsync();
        int before = watched.Hints.Count;

        await Liar.TellAsync("+try-failover", $"master mymaster {A.Host} {A.Port}");
        await watched.UntilAsync(() => watched.Group.Snapshot.Condition == GroupCondition.Switching);
        Hint hold = watched.Hints[before];
        Assert.Equal((HintKind.Hold, TimeSpan.FromSeconds(5), A.Member), (hold.Kind, hold.HoldFor, hold.Member));
        Assert.Empty(watched.Cuts);

        await Liar.TellAsync("+failover-state-send-slaveof-noone", $"slave {B} {B.Host} {B.Port} @ mymaster {A.Host} {A.Port}");
        await watched.UntilAsync(() => watched.Cuts.Count == 1);
        _master = B;
        foreach (TalkingSentinel sentinel in _sentinels[1..])
        {
            (sentinel.Master, sentinel.Epoch, sentinel.Replicas) = (B, 6, [A, C]);
        }

        await watched.UntilAsync(() => watched.Group.Snapshot is { Condition: GroupCondition.Settled, Epoch.Number: 6 } now && now.Active!.Equals(B.Member));
        int after = watched.Hints.Count;
        int asked = _sentinels[0].Asked;
        await _sentinels[0].TellAsync("+odown", $"master mymaster {A.Host} {A.Port} #quorum 2/2");
        await _sentinels[0].TellAsync("+try-failover", $"master mymaster {A.Host} {A.Port}");
        await _sentinels[0].TellAsync("+failover-state-send-slaveof-noone", $"slave {B} {B.Host} {B.Port} @ mymaster {A.Host} {A.Port}");
        await watched.UntilAsync(() => _sentinels[0].Asked > asked + 1);

        Assert.Equal(after, watched.Hints.Count);
        Assert.Single(watched.Cuts);
        Assert.Equal(1, watched.Told.Count(static name => name == "FailoverAnnounced"));
    }

    [Fact]
    public async Task A_sentinel_that_has_not_followed_yet_says_nothing_of_a_master_that_is_one_again()
    {
        WatchedGroup watched = await SettledAsync();
        foreach (TalkingSentinel sentinel in _sentinels[1..])
        {
            sentinel.Epoch = 9;
        }

        await watched.UntilAsync(() => watched.Group.Snapshot.Epoch?.Number == 9);
        int before = watched.Hints.Count(static hint => hint.Kind == HintKind.Hold);
        int asked = _sentinels[0].Asked;
        await _sentinels[0].TellAsync("+try-failover", $"master mymaster {A.Host} {A.Port}");
        await watched.UntilAsync(() => _sentinels[0].Asked > asked + 1);
        Assert.Equal(before, watched.Hints.Count(static hint => hint.Kind == HintKind.Hold));

        // Nor when it follows.
        foreach (TalkingSentinel sentinel in _sentinels)
        {
            sentinel.Epoch = 10;
        }

        await watched.UntilAsync(() => watched.Group.Snapshot.Epoch?.Number == 10);
        await AskedAsync(2);
        Assert.Equal(before, watched.Hints.Count(static hint => hint.Kind == HintKind.Hold));

        await Liar.TellAsync("+try-failover", $"master mymaster {A.Host} {A.Port}");
        await watched.UntilAsync(() => watched.Hints.Count(static hint => hint.Kind == HintKind.Hold) == before + 1);
    }

    [Fact]
    public async Task An_abort_ends_the_wait_and_that_of_another_sentinel_does_not()
    {
        WatchedGroup watched = await SettledAsync();
        await Liar.TellAsync("+try-failover", $"master mymaster {A.Host} {A.Port}");
        await watched.UntilAsync(() => watched.Group.Snapshot.Condition == GroupCondition.Switching);

        int asked = _sentinels[0].Asked;
        await _sentinels[0].TellAsync("-failover-abort-slave-timeout", $"master mymaster {A.Host} {A.Port}");
        await watched.UntilAsync(() => _sentinels[0].Asked > asked + 1);
        Assert.DoesNotContain(watched.Hints, static hint => hint.Kind == HintKind.Hold && hint.HoldFor == TimeSpan.Zero);
        Assert.DoesNotContain("FailoverAborted", watched.Told);

        await Liar.TellAsync("-failover-abort-slave-timeout", $"master mymaster {A.Host} {A.Port}");
        await watched.UntilAsync(() => watched.Group.Snapshot.Condition == GroupCondition.Settled);
        Assert.Single(watched.Hints, static hint => hint.Kind == HintKind.Hold && hint.HoldFor == TimeSpan.Zero);
        Assert.Equal(A.Member, watched.Group.Snapshot.Active);
    }

    [Fact]
    public async Task A_failover_of_which_no_message_was_heard_is_seen_in_the_answers_of_its_leader_and_its_end_too()
    {
        WatchedGroup watched = await SettledAsync();

        Liar.Flags = "master,failover_in_progress";

        await watched.UntilAsync(() => watched.Group.Snapshot.Condition == GroupCondition.Switching);
        Liar.Flags = "master";

        await watched.UntilAsync(() => watched.Group.Snapshot.Condition == GroupCondition.Settled);
        Assert.Equal([TimeSpan.FromSeconds(5), TimeSpan.Zero], watched.Hints.Where(static hint => hint.Kind == HintKind.Hold).Select(static hint => hint.HoldFor));
    }

    [Fact]
    public async Task A_failover_away_from_a_master_that_most_do_not_name_yet_is_a_hold_as_soon_as_they_do()
    {
        WatchedGroup watched = await SettledAsync();

        // The leader of the last failover begins the next one before the others have heard of the last.
        (Liar.Master, Liar.Epoch, Liar.Replicas, Liar.Flags) = (B, 6, [A, C], "master,failover_in_progress");
        await Liar.TellAsync("+try-failover", $"master mymaster {B.Host} {B.Port}");
        await AskedAsync(3, Liar);
        Assert.DoesNotContain(watched.Hints, static hint => hint.Kind == HintKind.Hold);
        Assert.Equal(A.Member, watched.Group.Snapshot.Active);

        _master = B;
        (_sentinels[0].Master, _sentinels[0].Epoch, _sentinels[0].Replicas) = (B, 6, [A, C]);

        await watched.UntilAsync(() => watched.Hints.Any(static hint => hint.Kind == HintKind.Hold && hint.HoldFor == TimeSpan.FromSeconds(5)));
        Assert.Equal(B.Member, watched.Hints.Last(static hint => hint.Kind == HintKind.Hold).Member);
        Assert.Equal(1, watched.Told.Count(static name => name == "FailoverAnnounced"));
    }

    [Fact]
    public async Task A_failover_that_was_announced_before_most_named_the_master_that_it_leaves_is_a_hold_as_soon_as_they_do()
    {
        WatchedGroup watched = await SettledAsync();

        // Its word is all that is known: its answers lag behind.
        Liar.Answer = static command => command is ["SENTINEL", "MASTER", ..] ? "-BUSY for a while\r\n" : null;
        int asked = Liar.Asked;
        await Liar.TellAsync("+try-failover", $"master mymaster {B.Host} {B.Port}");
        await watched.UntilAsync(() => Liar.Asked > asked);
        Assert.DoesNotContain(watched.Hints, static hint => hint.Kind == HintKind.Hold);

        _master = B;
        foreach (TalkingSentinel sentinel in _sentinels[..2])
        {
            (sentinel.Master, sentinel.Epoch, sentinel.Replicas) = (B, 6, [A, C]);
        }

        await watched.UntilAsync(() => watched.Hints.Any(static hint => hint.Kind == HintKind.Hold && hint.HoldFor == TimeSpan.FromSeconds(5)));
        Assert.Equal(B.Member, watched.Hints.Last(static hint => hint.Kind == HintKind.Hold).Member);
    }

    [Fact]
    public async Task A_sentinel_that_says_the_same_again_and_again_is_heard_once()
    {
        WatchedGroup watched = await SettledAsync();
        int before = watched.Hints.Count;

        for (int i = 0; i < 500; i++)
        {
            await Liar.TellAsync("+try-failover", $"master mymaster {A.Host} {A.Port}");
            await Liar.TellAsync("+failover-state-send-slaveof-noone", $"slave {B} {B.Host} {B.Port} @ mymaster {A.Host} {A.Port}");
            await Liar.TellAsync("+tilt", "#tilt mode entered");
        }

        await AskedAsync(2, _sentinels[0]);
        Assert.Single(watched.Hints.Skip(before), static hint => hint.Kind == HintKind.Hold);
        Assert.Single(watched.Cuts);
        Assert.Equal(1, watched.Told.Count(static name => name == "SentinelTilts"));
        await watched.UntilAsync(() => watched.Group.Snapshot is { Condition: GroupCondition.Settled, Active: not null });
    }

    [Fact]
    public async Task Fast_takes_the_promoted_node_before_the_others_name_it_and_no_two_masters_are_seen_meanwhile()
    {
        WatchedGroup watched = await SettledAsync(RedisPromotion.Fast);
        await AnnounceAsync(watched);
        _master = B;

        await watched.UntilAsync(() => watched.Group.Snapshot is { Condition: GroupCondition.Settled } now && B.Member.Equals(now.Active));
        Assert.Equal((A.Member, B.Member, 5), (watched.View.Master, watched.View.Pinned, watched.Group.Snapshot.Epoch!.Value.Number));
        foreach (TalkingSentinel sentinel in _sentinels)
        {
            (sentinel.Master, sentinel.Epoch, sentinel.Replicas) = (B, 6, [A, C]);
        }

        await watched.UntilAsync(() => watched.Group.Snapshot.Epoch?.Number == 6);
        await watched.UntilAsync(() => watched.Hints.Any(static hint => hint.QuorumEpoch is { Number: 6 }));
        Assert.Equal((GroupCondition.Settled, B.Member, null), (watched.Group.Snapshot.Condition, watched.Group.Snapshot.Active, watched.View.Pinned));
        Assert.DoesNotContain("PinLost", watched.Told);
        Assert.DoesNotContain("SplitBrain", watched.AllTold, StringComparison.Ordinal);
        Assert.Equal(1, watched.AllTold.Split("MasterPinned").Length - 1);
    }

    [Fact]
    public async Task A_pinned_node_that_cannot_be_asked_for_a_moment_stays_the_master()
    {
        WatchedGroup watched = await SettledAsync(RedisPromotion.Fast);
        await AnnounceAsync(watched);
        _master = B;
        await watched.UntilAsync(() => watched.Group.Snapshot is { Condition: GroupCondition.Settled } now && B.Member.Equals(now.Active));

        int asked = _asked;
        _refusals = 3;
        await watched.UntilAsync(() => _asked > asked + 12);

        Assert.Equal(B.Member, watched.View.Pinned);
        Assert.DoesNotContain("PinLost", watched.Told);
    }

    [Theory]
    [InlineData("is a replica again")]
    [InlineData("another is named")]
    [InlineData("aborted")]
    public async Task A_pin_that_comes_to_nothing_goes_back_to_whom_most_name_and_is_told(string how)
    {
        WatchedGroup watched = await SettledAsync(RedisPromotion.Fast);
        await AnnounceAsync(watched);
        _master = B;
        await watched.UntilAsync(() => watched.Group.Snapshot is { Condition: GroupCondition.Settled } now && B.Member.Equals(now.Active));

        FailoverMember next = A.Member;
        switch (how)
        {
            case "is a replica again":
                _master = A;
                break;
            case "another is named":
                (_master, next) = (C, C.Member);
                foreach (TalkingSentinel sentinel in _sentinels[..2])
                {
                    (sentinel.Master, sentinel.Epoch, sentinel.Replicas) = (C, 7, [A, B]);
                }

                break;
            default:
                // Both say that they are master: most decide.
                _both = true;
                await Liar.TellAsync("-failover-abort-slave-timeout", $"master mymaster {A.Host} {A.Port}");
                break;
        }

        await watched.UntilAsync(() => watched.Group.Snapshot is { Condition: GroupCondition.Settled } now && next.Equals(now.Active));
        Assert.Equal(1, watched.Told.Count(static name => name == "PinLost"));
        Assert.Null(watched.View.Pinned);
        Assert.DoesNotContain("SplitBrain", watched.AllTold, StringComparison.Ordinal);
    }

    [Fact]
    public async Task By_default_no_promoted_node_is_taken_before_most_name_it()
    {
        WatchedGroup watched = await SettledAsync();
        await AnnounceAsync(watched);
        (_master, _both) = (B, true);

        await AskedAsync(60);

        Assert.Equal((A.Member, null), (watched.Group.Snapshot.Active, watched.View.Pinned));
        Assert.DoesNotContain(watched.Group.Snapshot.Members, static one => one.Role == MemberRole.Primary && one.Member.Equals(B.Member));
    }
}
