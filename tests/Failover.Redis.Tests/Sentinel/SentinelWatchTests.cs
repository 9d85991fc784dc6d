using Failover.Redis.Sentinel;
using Failover.Redis.Sets;

namespace Failover.Redis.Tests.Sentinel;

/// <summary>Against stand-ins for three sentinels, of which one lies, hangs or talks nonsense. No node is asked: a test says what each would say.</summary>
public sealed class SentinelWatchTests : IAsyncLifetime
{
    private static readonly HostAndPort A = new("127.0.0.1", 7001);
    private static readonly HostAndPort B = new("127.0.0.1", 7002);
    private static readonly HostAndPort C = new("127.0.0.1", 7003);
    private static readonly HostAndPort Rogue = new("127.0.0.1", 7666);

    private readonly TalkingSentinel[] _sentinels = [.. Enumerable.Range(1, 3).Select(static number => new TalkingSentinel(number, A, 5) { Replicas = [B, C] })];
    private WatchedGroup? _watched;
    private HostAndPort _master = A;
    private bool _both;
    private int _asked;
    private int _refusals;

    private TalkingSentinel Liar => _sentinels[2];

    public Task InitializeAsync()
    {
        foreach (TalkingSentinel sentinel in _sentinels)
        {
            sentinel.Sentinels = [.. _sentinels.Where(other => other != sentinel).Select(static other => (other.Id, other.Address))];
        }

        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        if (_watched is not null)
        {
            await _watched.DisposeAsync();
        }

        await Task.WhenAll(_sentinels.Select(static sentinel => sentinel.DisposeAsync().AsTask()));
    }

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

        await Liar.TellAsync("+try-failover", $"master mymaster {A.Host} {A.Port}");
        await watched.UntilAsync(() => watched.Hints.Count(static hint => hint.Kind == HintKind.Hold) == before + 1);
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

    private async Task<WatchedGroup> SettledAsync(RedisPromotion promotion = RedisPromotion.Majority)
    {
        _watched = WatchedGroup.Start(_sentinels.Select(static sentinel => sentinel.Address), new()
        {
            Promotion = promotion,
            Says = member => (member.Equals(_master.Member) && !IsRefused(member)) || (_both && (member.Equals(A.Member) || member.Equals(B.Member))),
        });
        await _watched.UntilAsync(() => _watched.Group.Snapshot is { Condition: GroupCondition.Settled, Active: not null } && _watched.View.Heard >= 2);
        await _watched.UntilAsync(() => _sentinels.All(one => one.Commands.Any(static command => command.StartsWith("SUBSCRIBE", StringComparison.Ordinal)) || _watched.View.Sentinels.Any(state => state.Address == one.Address && (state.Silence ?? state.Deafness) is not null)));
        return _watched;
    }

    private bool IsRefused(FailoverMember member)
    {
        bool isB = member.Equals(B.Member);
        _ = isB ? Interlocked.Increment(ref _asked) : 0;
        return isB && Volatile.Read(ref _refusals) > 0 && Interlocked.Decrement(ref _refusals) >= 0;
    }

    private async Task AnnounceAsync(WatchedGroup watched)
    {
        await Liar.TellAsync("+try-failover", $"master mymaster {A.Host} {A.Port}");
        await Liar.TellAsync("+failover-state-wait-promotion", $"slave {B} {B.Host} {B.Port} @ mymaster {A.Host} {A.Port}");
        await watched.UntilAsync(() => watched.Group.Snapshot.Condition == GroupCondition.Switching);
    }

    /// <summary>Waits until sentinels, or all, were asked so many times more.</summary>
    private async Task AskedAsync(int times, params TalkingSentinel[] sentinels)
    {
        int[] before = [.. (sentinels.Length > 0 ? sentinels : _sentinels).Select(static sentinel => sentinel.Asked)];
        await _watched!.UntilAsync(() => (sentinels.Length > 0 ? sentinels : _sentinels).Zip(before).All(one => one.First.Asked >= one.Second + times));
    }
}
