using Failover.Redis.Sets;

namespace Failover.Redis.Tests.Sentinel;

/// <summary>Three stand-ins for sentinels that name one of three nodes. No node is asked: a test says what each would say.</summary>
public abstract class OnTalkingSentinels : IAsyncLifetime
{
    private protected static readonly HostAndPort A = new("127.0.0.1", 7001);
    private protected static readonly HostAndPort B = new("127.0.0.1", 7002);
    private protected static readonly HostAndPort C = new("127.0.0.1", 7003);
    private protected static readonly HostAndPort Rogue = new("127.0.0.1", 7666);

    private protected readonly TalkingSentinel[] _sentinels = [.. Enumerable.Range(1, 3).Select(static number => new TalkingSentinel(number, A, 5) { Replicas = [B, C] })];
    private protected WatchedGroup? _watched;
    private protected HostAndPort _master = A;
    private protected bool _both;
    private protected int _asked;
    private protected int _refusals;

    private protected TalkingSentinel Liar => _sentinels[2];

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

    private protected async Task<WatchedGroup> SettledAsync(RedisPromotion promotion = RedisPromotion.Majority)
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

    private protected async Task AnnounceAsync(WatchedGroup watched)
    {
        await Liar.TellAsync("+try-failover", $"master mymaster {A.Host} {A.Port}");
        await Liar.TellAsync("+failover-state-wait-promotion", $"slave {B} {B.Host} {B.Port} @ mymaster {A.Host} {A.Port}");
        await watched.UntilAsync(() => watched.Group.Snapshot.Condition == GroupCondition.Switching);
    }

    /// <summary>Waits until sentinels, or all, were asked so many times more.</summary>
    private protected async Task AskedAsync(int times, params TalkingSentinel[] sentinels)
    {
        int[] before = [.. (sentinels.Length > 0 ? sentinels : _sentinels).Select(static sentinel => sentinel.Asked)];
        await _watched!.UntilAsync(() => (sentinels.Length > 0 ? sentinels : _sentinels).Zip(before).All(one => one.First.Asked >= one.Second + times));
    }
}
