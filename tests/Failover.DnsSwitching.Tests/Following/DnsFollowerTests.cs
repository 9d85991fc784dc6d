using System.Collections.Concurrent;
using System.Net;
using Failover.DnsSwitching.Following;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace Failover.DnsSwitching.Tests.Following;

/// <summary>The loops, with a clock of the test's: each look is waited for before time goes on.</summary>
public sealed class DnsFollowerTests
{
    private const string Name = "shop.example.test";
    private const string Old = "192.0.2.1";
    private const string New = "192.0.2.2";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly WaitedTime _time = new();
    private readonly FakeLogger _logger = new();
    private readonly FakeLookup _lookup = new() { Answer = () => [Old], TimeToLive = TimeSpan.FromSeconds(10) };
    private readonly DnsFollowerOptions _options = new();
    private DnsFollower? _follower;

    [Fact]
    public async Task A_name_is_looked_at_when_its_TTL_ends_and_not_before()
    {
        await using DnsFollower follower = Follower(chance: 1);
        using IDisposable followed = follower.Follow(new NotingMover(Name));
        await _lookup.AskedAsync();

        await PassAsync(TimeSpan.FromSeconds(9.99));
        Assert.Equal(1, _lookup.Asked);
        await PassAsync(TimeSpan.FromSeconds(0.01));
        await _lookup.AskedAsync();
        Assert.Equal(2, _lookup.Asked);
    }

    [Fact]
    public async Task Everyone_who_holds_connections_to_a_name_is_told_once_after_a_second_look_and_nobody_else()
    {
        await using DnsFollower follower = Follower();
        NotingMover one = new("SHOP.example.test."), other = new(Name, "192.0.2.9"), stranger = new("news.example.test");
        using IDisposable a = follower.Follow(one), b = follower.Follow(other), c = follower.Follow(stranger);
        await LookedAsync(follower);

        _lookup.Answer = () => [New];
        await UntilAsync(() => !one.Moves.IsEmpty && !other.Moves.IsEmpty, TimeSpan.FromSeconds(1));

        NameMove move = Assert.Single(one.Moves);
        Assert.Equal((Name, Old, New, false), (move.Name, Assert.Single(move.Before).ToString(), Assert.Single(move.After).ToString(), move.IsRepeated));
        Assert.Equal(move, Assert.Single(other.Moves));
        Assert.All(stranger.Moves, static its => Assert.Equal("news.example.test", its.Name));
        Assert.Contains(_logger.Collector.GetSnapshot(), record => record.Id.Id == 12100 && record.Message.StartsWith($"{Name} leads to {New}, no longer to {Old}: 2 pools", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_failed_connect_is_looked_into_at_once_and_moves_without_a_second_look()
    {
        await using DnsFollower follower = Follower();
        NotingMover mover = new(Name);
        using IDisposable followed = follower.Follow(mover);
        await LookedAsync(follower);
        _lookup.Answer = () => [New];

        // No time passes.
        follower.ConnectFailed(Name, IPAddress.Parse(Old));

        Assert.Equal(New, Assert.Single((await mover.MovedAsync()).After).ToString());
    }

    [Fact]
    public async Task An_address_that_could_not_be_connected_to_is_not_the_first_that_the_next_connection_tries()
    {
        _lookup.Answer = () => [Old, New];
        await using DnsFollower follower = Follower();
        using IDisposable followed = follower.Follow(new NotingMover(Name));
        await LookedAsync(follower);

        follower.ConnectFailed(Name, IPAddress.Parse(Old));

        Assert.Equal([New, Old], (await follower.ResolveAsync(Name, CancellationToken.None)).Select(static address => address.ToString()));
    }

    [Fact]
    public async Task Connects_that_fail_all_the_time_have_it_looked_at_once_a_second()
    {
        await using DnsFollower follower = Follower();
        using IDisposable followed = follower.Follow(new NotingMover(Name));
        await LookedAsync(follower);

        // The first is looked into at once. The next one wakes it, and it waits for its second: before that the clock must not go on.
        follower.ConnectFailed(Name, null);
        await UntilAsync(() => _lookup.Asked == 2, TimeSpan.Zero);
        await SettleAsync();
        int waits = _time.Waits;
        follower.ConnectFailed(Name, null);
        await UntilAsync(() => _time.Waits > waits, TimeSpan.Zero);
        for (int second = 1; second <= 10; second++)
        {
            for (int tenth = 0; tenth < 10; tenth++)
            {
                Assert.Equal(1 + second, _lookup.Asked);
                follower.ConnectFailed(Name, null);
                await PassAsync(TimeSpan.FromSeconds(0.1));
            }

            int looks = 2 + second;
            await UntilAsync(() => _lookup.Asked == looks, TimeSpan.Zero);
        }

        Assert.Equal(12, _lookup.Asked);
    }

    [Fact]
    public async Task A_connect_to_an_address_that_the_name_has_left_is_not_looked_into()
    {
        await using DnsFollower follower = Follower();
        using IDisposable followed = follower.Follow(new NotingMover(Name));
        await LookedAsync(follower);

        follower.ConnectFailed(Name, IPAddress.Parse("192.0.2.77"));
        follower.ConnectFailed("unheard.example.test", null);
        await PassAsync(TimeSpan.FromSeconds(5));

        Assert.Equal(1, _lookup.Asked);
    }

    [Fact]
    public async Task While_DNS_is_away_connections_go_to_the_last_good_addresses_and_it_is_told_once()
    {
        await using DnsFollower follower = Follower();
        NotingMover mover = new(Name);
        using IDisposable followed = follower.Follow(mover);
        await LookedAsync(follower);

        _lookup.Answer = static () => throw new InvalidOperationException("a bug of the resolver's");
        await PassAsync(TimeSpan.FromSeconds(30), steps: 30);
        _lookup.Answer = static () => [];
        await PassAsync(TimeSpan.FromSeconds(60), steps: 60);

        Assert.Equal(Old, Assert.Single(await follower.ResolveAsync(Name, CancellationToken.None)).ToString());
        Assert.Empty(mover.Moves);
        Assert.Single(_logger.Collector.GetSnapshot(), static record => record.Id.Id == 12102);

        _lookup.Answer = () => [Old];
        await UntilAsync(() => _logger.Collector.GetSnapshot().Any(static record => record.Id.Id == 12103), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_name_that_flaps_moves_no_more_often_than_is_allowed_and_that_is_told()
    {
        _options.MaxMovesPerMinute = 3;
        await using DnsFollower follower = Follower();
        NotingMover mover = new(Name);
        using IDisposable followed = follower.Follow(mover);
        await LookedAsync(follower);
        _lookup.TimeToLive = TimeSpan.Zero;
        int asked = 0;
        _lookup.Answer = () => [++asked / 2 % 2 == 0 ? New : Old];

        await PassAsync(TimeSpan.FromMinutes(1), steps: 120);
        Assert.Equal(3, mover.Moves.Count);
        Assert.Contains(_logger.Collector.GetSnapshot(), static record => record.Id.Id == 12104 && record.Level == LogLevel.Warning);
        Assert.InRange(_lookup.Asked, 20, 70);
    }

    [Fact]
    public async Task A_name_whose_answers_differ_each_time_is_asked_no_more_often_than_its_TTL_says()
    {
        await using DnsFollower follower = Follower(chance: 1);
        NotingMover mover = new(Name);
        int asked = 0;
        _lookup.Answer = () => [$"192.0.2.{++asked}"];
        using IDisposable followed = follower.Follow(mover);
        await LookedAsync(follower);

        await PassAsync(TimeSpan.FromMinutes(1), steps: 120);

        // The first after 10 seconds, the look that was to confirm it, and five.
        Assert.InRange(_lookup.Asked, 6, 8);
        Assert.Empty(mover.Moves);
    }

    [Fact]
    public async Task Who_connects_by_the_system_is_told_again_when_its_caches_have_caught_up()
    {
        string system = Old;
        _lookup.System = () => [system];
        await using DnsFollower follower = Follower();
        NotingMover mover = new(Name);
        using IDisposable followed = follower.Follow(mover);
        await LookedAsync(follower);

        _lookup.Answer = () => [New];
        await UntilAsync(() => mover.Moves.Count == 1, TimeSpan.FromSeconds(1));
        await PassAsync(TimeSpan.FromSeconds(10), steps: 10);
        Assert.Single(mover.Moves);
        system = New;
        await UntilAsync(() => mover.Moves.Count == 2, TimeSpan.FromSeconds(1));
        await PassAsync(TimeSpan.FromSeconds(60), steps: 60);

        Assert.Equal([false, true], mover.Moves.Select(static move => move.IsRepeated));
    }

    [Fact]
    public async Task A_resolver_of_the_system_that_hangs_holds_up_neither_this_move_nor_the_next()
    {
        TaskCompletionSource hang = new();
        (_lookup.System, _lookup.Hang, _lookup.TimeToLive) = (() => [New], hang.Task, TimeSpan.Zero);
        await using DnsFollower follower = Follower();
        NotingMover mover = new(Name);
        using IDisposable followed = follower.Follow(mover);
        await LookedAsync(follower);

        _lookup.Answer = () => [New];
        await UntilAsync(() => mover.Moves.Count == 1, TimeSpan.FromSeconds(0.1));
        _lookup.Answer = () => [Old];
        await UntilAsync(() => mover.Moves.Count == 2, TimeSpan.FromSeconds(0.1));
        _lookup.Answer = () => [New];
        await UntilAsync(() => mover.Moves.Count == 3, TimeSpan.FromSeconds(0.1));
        hang.SetResult();
        await UntilAsync(() => mover.Moves.Count == 4, TimeSpan.FromSeconds(0.1));

        Assert.Equal([false, false, false, true], mover.Moves.Select(static move => move.IsRepeated));
    }

    [Fact]
    public async Task One_mover_that_throws_or_hangs_keeps_neither_the_others_nor_the_next_move()
    {
        await using DnsFollower follower = Follower();
        NotingMover throwing = new(Name) { Then = static _ => throw new InvalidOperationException("secret") };
        NotingMover hanging = new(Name) { Then = static _ => Task.Delay(Timeout.Infinite, CancellationToken.None) };
        NotingMover good = new(Name);
        using IDisposable a = follower.Follow(throwing), b = follower.Follow(hanging), c = follower.Follow(good);
        await LookedAsync(follower);

        _lookup.Answer = () => [New];
        await UntilAsync(() => good.Moves.Count == 1, TimeSpan.FromSeconds(1));
        _lookup.Answer = () => [Old];
        await UntilAsync(() => good.Moves.Count == 2, TimeSpan.FromSeconds(1));

        Assert.Equal(2, throwing.Moves.Count);
        Assert.Contains(_logger.Collector.GetSnapshot(), static record => record.Id.Id == 12105);
        Assert.DoesNotContain(_logger.Collector.GetSnapshot(), static record => record.Message.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_mover_that_blocks_its_thread_keeps_the_others_from_nothing()
    {
        await using DnsFollower follower = Follower();
        using ManualResetEventSlim end = new();
        NotingMover blocking = new(Name)
        {
            Then = _ =>
            {
                end.Wait(CancellationToken.None);
                return Task.CompletedTask;
            },
        };
        NotingMover good = new(Name);
        using IDisposable a = follower.Follow(blocking), b = follower.Follow(good);
        await LookedAsync(follower);
        _lookup.Answer = () => [New];
        follower.ConnectFailed(Name, IPAddress.Parse(Old));

        try
        {
            await blocking.MovedAsync();
            await good.MovedAsync();
        }
        finally
        {
            end.Set();
        }
    }

    [Fact]
    public async Task A_name_is_looked_at_no_more_when_nobody_needs_it()
    {
        await using DnsFollower follower = Follower();
        IDisposable followed = follower.Follow(new NotingMover(Name));
        await LookedAsync(follower);
        followed.Dispose();
        await PassAsync(TimeSpan.FromSeconds(30), steps: 30);
        int asked = _lookup.Asked;

        await PassAsync(TimeSpan.FromMinutes(10), steps: 60);

        Assert.Equal(asked, _lookup.Asked);
    }

    [Fact]
    public async Task A_name_that_somebody_asks_for_all_the_time_is_not_begun_anew_each_time_though_no_mover_has_it()
    {
        int begun = 0;
        await using DnsFollower follower = _follower = new(() => _options, _time, _logger, static () => 0, _ =>
        {
            begun++;
            return _lookup;
        });
        _lookup.TimeToLive = TimeSpan.Zero;
        await LookedAsync(follower);
        for (int second = 0; second < 10; second++)
        {
            await PassAsync(TimeSpan.FromSeconds(1));
            Assert.NotEmpty(await follower.ResolveAsync(Name, CancellationToken.None));
        }

        Assert.Equal(1, begun);
        Assert.InRange(_lookup.Asked, 8, 11);
        await PassAsync(TimeSpan.FromSeconds(10), steps: 10);
        Assert.Equal(0, follower.Names);
    }

    [Fact]
    public async Task A_name_that_comes_to_a_mover_later_is_followed_too()
    {
        await using DnsFollower follower = Follower();
        NotingMover mover = new();
        using IDisposable followed = follower.Follow(mover);
        await PassAsync(TimeSpan.FromSeconds(6), steps: 6);
        Assert.Equal(0, _lookup.Asked);

        mover.Names = [Name];
        await UntilAsync(() => _lookup.Asked > 0, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Movers_are_asked_for_their_names_by_the_clock_and_not_at_each_look()
    {
        _lookup.TimeToLive = TimeSpan.Zero;
        await using DnsFollower follower = Follower();
        NotingMover mover = new(Name);
        using IDisposable followed = follower.Follow(mover);
        await _lookup.AskedAsync();
        await UntilAsync(() => mover.Asked > 0 && _lookup.Asked > 5, TimeSpan.FromSeconds(1));
        (int asked, int looks) = (mover.Asked, _lookup.Asked);

        await PassAsync(TimeSpan.FromMinutes(1), steps: 60);
        Assert.InRange(_lookup.Asked - looks, 50, 70);
        Assert.InRange(mover.Asked - asked, 10, 14);
    }

    [Fact]
    public async Task A_mover_that_cannot_say_its_names_is_told_of_once_and_asked_again()
    {
        await using DnsFollower follower = Follower();
        LateMover mover = new();
        using IDisposable followed = follower.Follow(mover);
        await UntilAsync(() => _logger.Collector.GetSnapshot().Any(static record => record.Id.Id == 12105), TimeSpan.FromSeconds(1));
        await PassAsync(TimeSpan.FromSeconds(60), steps: 60);
        Assert.Single(_logger.Collector.GetSnapshot(), static record => record.Id.Id == 12105);

        mover.IsMade = true;
        await UntilAsync(() => _lookup.Asked > 0, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task More_names_than_allowed_are_not_followed_and_that_is_told_once()
    {
        ConcurrentDictionary<string, byte> made = [];
        await using DnsFollower follower = _follower = new(() => _options, _time, _logger, static () => 0, name =>
        {
            made[name] = 0;
            return new FakeLookup { Answer = static () => [Old] };
        });
        using IDisposable followed = follower.Follow(new NotingMover([.. Enumerable.Range(0, 300).Select(static number => $"n{number}.example.test")]));
        await UntilAsync(() => made.Count == DnsFollower.MostNames, TimeSpan.Zero);

        Assert.Empty(await follower.ResolveAsync("one-more.example.test", CancellationToken.None));
        await UntilAsync(() => _logger.Collector.GetSnapshot().Count(static record => record.Id.Id == 12106) == 1, TimeSpan.Zero);
    }

    private DnsFollower Follower(double chance = 0) => _follower = new(() => _options, _time, _logger, () => chance, _ => _lookup);

    private static async Task LookedAsync(DnsFollower follower) =>
        Assert.NotEmpty(await follower.ResolveAsync(Name, CancellationToken.None).AsTask().WaitAsync(Limit));

    /// <summary>Lets time pass in steps, each when all loops rest.</summary>
    private async Task PassAsync(TimeSpan time, int steps = 1)
    {
        for (int step = 0; step < steps; step++)
        {
            await SettleAsync();
            _time.Advance(time / steps);
        }

        await SettleAsync();
    }

    /// <summary>Waits until each loop waits for nothing but the clock.</summary>
    private async Task SettleAsync()
    {
        using CancellationTokenSource end = new(Limit);
        while (_time.Waiting < _follower!.Names)
        {
            Assert.False(end.IsCancellationRequested, "The loops do not come to rest.");
            await Task.Yield();
        }
    }

    private async Task UntilAsync(Func<bool> isSo, TimeSpan step)
    {
        using CancellationTokenSource end = new(Limit);
        while (!isSo())
        {
            Assert.False(end.IsCancellationRequested, "It did not come.");
            await PassAsync(step);
        }
    }

    private sealed class LateMover : INamePoolMover
    {
        internal bool IsMade { get; set; }

        public IReadOnlyCollection<string> Names => IsMade ? [Name] : throw new InvalidOperationException("The pool cannot be made yet.");

        public ValueTask MoveAsync(NameMove move, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
