using System.Collections.Concurrent;
using System.Net;
using Failover.DnsSwitching.Following;

namespace Failover.DnsSwitching.Tests.Following;

/// <summary>Who is told of a move, whose names are followed, and how many.</summary>
public sealed class DnsFollowerMoverTests : FollowerAtRest
{
    [Fact]
    public async Task Everyone_who_holds_connections_to_a_name_is_told_once_after_a_second_look_and_nobody_else()
    {
        await using DnsFollower follower = Follower();
        NotingMover one = new("SHOP.example.test."), other = new(Name, "192.0.2.9"), stranger = new("news.example.test");
        using IDisposable a = follower.Follow(one), b = follower.Follow(other), c = follower.Follow(stranger);
        await LookedAsync(follower);

        Lookup.Answer = () => [New];
        await UntilAsync(() => !one.Moves.IsEmpty && !other.Moves.IsEmpty, TimeSpan.FromSeconds(1));

        NameMove move = Assert.Single(one.Moves);
        Assert.Equal((Name, Old, New, false), (move.Name, Assert.Single(move.Before).ToString(), Assert.Single(move.After).ToString(), move.IsRepeated));
        Assert.Equal(move, Assert.Single(other.Moves));
        Assert.All(stranger.Moves, static its => Assert.Equal("news.example.test", its.Name));
        Assert.Contains(Logger.Collector.GetSnapshot(), record => record.Id.Id == 12100 && record.Message.StartsWith($"{Name} leads to {New}, no longer to {Old}: 2 pools", StringComparison.Ordinal));
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

        Lookup.Answer = () => [New];
        await UntilAsync(() => good.Moves.Count == 1, TimeSpan.FromSeconds(1));
        Lookup.Answer = () => [Old];
        await UntilAsync(() => good.Moves.Count == 2, TimeSpan.FromSeconds(1));

        Assert.Equal(2, throwing.Moves.Count);
        Assert.Contains(Logger.Collector.GetSnapshot(), static record => record.Id.Id == 12105);
        Assert.DoesNotContain(Logger.Collector.GetSnapshot(), static record => record.Message.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_mover_that_ends_long_after_it_was_cancelled_keeps_neither_the_others_nor_the_next_move()
    {
        await using DnsFollower follower = Follower();
        TaskCompletionSource end = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int cancelled = 0;
        NotingMover lazy = new(Name)
        {
            Then = async cancellationToken =>
            {
                await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                Interlocked.Increment(ref cancelled);
                await end.Task;
            },
        };
        NotingMover good = new(Name);
        using IDisposable a = follower.Follow(lazy), b = follower.Follow(good);
        await LookedAsync(follower);

        Lookup.Answer = () => [New];
        await UntilAsync(() => good.Moves.Count == 1, TimeSpan.FromSeconds(1));
        await UntilAsync(() => Volatile.Read(ref cancelled) == 1, TimeSpan.FromSeconds(1));
        Lookup.Answer = () => [Old];
        await UntilAsync(() => good.Moves.Count == 2 && lazy.Moves.Count == 2, TimeSpan.FromSeconds(1));

        Assert.Equal([New, Old], good.Moves.Select(static move => Assert.Single(move.After).ToString()));
        Assert.Single(Logger.Collector.GetSnapshot(), static record => record.Id.Id == 12105);
        end.SetResult();
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
        Lookup.Answer = () => [New];
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
        int asked = Lookup.Asked;

        await PassAsync(TimeSpan.FromMinutes(10), steps: 60);

        Assert.Equal(asked, Lookup.Asked);
    }

    [Fact]
    public async Task A_name_that_somebody_asks_for_all_the_time_is_not_begun_anew_each_time_though_no_mover_has_it()
    {
        int begun = 0;
        await using DnsFollower follower = Follower(_ =>
        {
            begun++;
            return Lookup;
        });
        Lookup.TimeToLive = TimeSpan.Zero;
        await LookedAsync(follower);
        for (int second = 0; second < 10; second++)
        {
            await PassAsync(TimeSpan.FromSeconds(1));
            Assert.NotEmpty(await follower.ResolveAsync(Name, CancellationToken.None));
        }

        Assert.Equal(1, begun);
        Assert.InRange(Lookup.Asked, 8, 11);
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
        Assert.Equal(0, Lookup.Asked);

        mover.Names = [Name];
        await UntilAsync(() => Lookup.Asked > 0, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Movers_are_asked_for_their_names_by_the_clock_and_not_at_each_look()
    {
        Lookup.TimeToLive = TimeSpan.Zero;
        await using DnsFollower follower = Follower();
        NotingMover mover = new(Name);
        using IDisposable followed = follower.Follow(mover);
        await Lookup.AskedAsync();
        await UntilAsync(() => mover.Asked > 0 && Lookup.Asked > 5, TimeSpan.FromSeconds(1));
        (int asked, int looks) = (mover.Asked, Lookup.Asked);

        await PassAsync(TimeSpan.FromMinutes(1), steps: 60);
        Assert.InRange(Lookup.Asked - looks, 50, 70);
        Assert.InRange(mover.Asked - asked, 10, 14);
    }

    [Fact]
    public async Task A_mover_that_cannot_say_its_names_is_told_of_once_and_asked_again()
    {
        await using DnsFollower follower = Follower();
        LateMover mover = new();
        using IDisposable followed = follower.Follow(mover);
        await UntilAsync(() => Logger.Collector.GetSnapshot().Any(static record => record.Id.Id == 12105), TimeSpan.FromSeconds(1));
        await PassAsync(TimeSpan.FromSeconds(60), steps: 60);
        Assert.Single(Logger.Collector.GetSnapshot(), static record => record.Id.Id == 12105);

        mover.IsMade = true;
        await UntilAsync(() => Lookup.Asked > 0, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task More_names_than_allowed_are_not_followed_and_that_is_told_once()
    {
        ConcurrentDictionary<string, byte> made = [];
        await using DnsFollower follower = Follower(name =>
        {
            made[name] = 0;
            return new FakeLookup { Answer = static () => [Old] };
        });
        using IDisposable followed = follower.Follow(new NotingMover([.. Enumerable.Range(0, 300).Select(static number => $"n{number}.example.test")]));
        await UntilAsync(() => made.Count == DnsFollower.MostNames, TimeSpan.Zero);

        Assert.Empty(await follower.ResolveAsync("one-more.example.test", CancellationToken.None));
        await UntilAsync(() => Logger.Collector.GetSnapshot().Count(static record => record.Id.Id == 12106) == 1, TimeSpan.Zero);
    }

    private sealed class LateMover : INamePoolMover
    {
        internal bool IsMade { get; set; }

        public IReadOnlyCollection<string> Names => IsMade ? [Name] : throw new InvalidOperationException("The pool cannot be made yet.");

        public ValueTask MoveAsync(NameMove move, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
